package io.github.tmem.system;

import io.github.tmem.kit.backend.Fault;
import io.github.tmem.kit.backend.FaultyBackend;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What goes wrong with the tiers of one chain while a random run is at work on it: {@link #change} makes something else go
 * wrong, {@link #clear} mends everything. Not thread-safe.
 */
final class Weather {
    private static final int FAULTS_PER_MILLE_MAX = 10;

    private final Sort sort;
    private final SplittableRandom random;
    private final List<FaultyBackend> tiers;
    private final List<KeyedTestBackend> keyed; // one at most
    private final Map<Event, Long> events = new EnumMap<>(Event.class);
    private Map<Long, byte[]> oldContents = Map.of();

    /** What sort of thing goes wrong. */
    enum Sort {
        /** Nothing. */
        FAIR,
        /** Single calls. */
        FAULTS,
        /** The links to the keyed backends. */
        LINKS,
        /** The keyed backends restart, without contents or with old ones. */
        RESTARTS,
        /** All of it at once. */
        STORM
    }

    /** What happened to a keyed backend. */
    enum Event {
        LINK_UP,
        LINK_DOWN,
        LINK_AWAY,
        LINK_ANSWERS_LOST,
        LINK_FLUSHES_LATE,
        LATE_FLUSHES_DELIVERED,
        RESTART_EMPTY,
        RESTART_WITH_OLD_CONTENTS
    }

    Weather(Sort sort, long seed, List<FaultyBackend> tiers, List<KeyedTestBackend> keyed) {
        this.sort = keyed.isEmpty() && sort != Sort.FAIR ? Sort.FAULTS : sort;
        this.random = new SplittableRandom(seed);
        this.tiers = tiers;
        this.keyed = keyed;
    }

    /** Whether a persistent page may be lost. Broken links alone lose nothing. */
    boolean losesPages() {
        return sort == Sort.FAULTS || sort == Sort.RESTARTS || sort == Sort.STORM;
    }

    /** Whether a persistent page may be out of reach. */
    boolean hasOutages() {
        return sort != Sort.FAIR;
    }

    void change() {
        switch (sort) {
            case FAIR -> {}
            case FAULTS -> changeFaults();
            case LINKS -> changeLink();
            case RESTARTS -> restart();
            case STORM -> {
                switch (random.nextInt(4)) {
                    case 0 -> restart();
                    case 1 -> changeFaults();
                    default -> changeLink();
                }
            }
        }
    }

    private void changeFaults() {
        FaultyBackend tier = tiers.get(random.nextInt(tiers.size()));
        Set<Fault> faults = EnumSet.allOf(Fault.class);
        if (tier.asBackend() != tier) {
            faults.removeIf(Fault::keyedOnly);
        }
        faults.forEach(fault -> tier.rate(fault, random.nextInt(FAULTS_PER_MILLE_MAX + 1)));
    }

    private void changeLink() {
        KeyedTestBackend backend = keyed.getFirst();
        if (random.nextInt(3) == 0) {
            backend.deliverLateFlushes();
            count(Event.LATE_FLUSHES_DELIVERED);
        }
        Link link = Link.values()[random.nextInt(Link.values().length)];
        backend.link(link);
        count(
                switch (link) {
                    case UP -> Event.LINK_UP;
                    case DOWN -> Event.LINK_DOWN;
                    case AWAY -> Event.LINK_AWAY;
                    case ANSWERS_LOST -> Event.LINK_ANSWERS_LOST;
                    case FLUSHES_LATE -> Event.LINK_FLUSHES_LATE;
                });
    }

    private void restart() {
        KeyedTestBackend backend = keyed.getFirst();
        int choice = random.nextInt(4);
        if (choice == 0) {
            backend.restart(Map.of());
            count(Event.RESTART_EMPTY);
        } else if (choice == 1 && !oldContents.isEmpty()) {
            backend.restart(oldContents);
            count(Event.RESTART_WITH_OLD_CONTENTS);
        } else {
            oldContents = backend.contents();
        }
    }

    private void count(Event event) {
        events.merge(event, 1L, Long::sum);
    }

    /** Mends everything that can be mended: all calls arrive and are answered. */
    void clear() {
        tiers.forEach(FaultyBackend::heal);
        for (KeyedTestBackend backend : keyed) {
            backend.link(Link.UP);
            backend.deliverLateFlushes();
        }
    }

    /**
     * Takes from a backend that restarted with old contents what no directory knows of; what is still known is lost with
     * it. After that, and after any restart, a move that was under way may still swing to a copy that has gone.
     *
     * @return whether copies have gone
     */
    boolean sweep() {
        if (events.containsKey(Event.RESTART_WITH_OLD_CONTENTS)) {
            keyed.forEach(backend -> backend.restart(Map.of()));
        }
        return events.containsKey(Event.RESTART_WITH_OLD_CONTENTS) || events.containsKey(Event.RESTART_EMPTY);
    }

    void addTo(Tally tally) {
        for (Fault fault : Fault.values()) {
            tally.add(
                    fault.name(),
                    tiers.stream().mapToLong(tier -> tier.injected(fault)).sum());
        }
        events.forEach((event, count) -> tally.add(event.name(), count));
    }

    /** The names of all that can go wrong. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        EnumSet.allOf(Fault.class).forEach(fault -> names.add(fault.name()));
        EnumSet.allOf(Event.class).forEach(event -> names.add(event.name()));
        return names;
    }
}
