package io.github.tmem.tiering.chain;

import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.Progress;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.tiering.codec.Codecs;
import io.github.tmem.tiering.directory.Directory;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes the tiers of a chain under the operations: close admission → wait for those who came before → move what is left,
 * until nothing is → take the tier out of the order → wait again → forget its number, which nobody names any more → wait
 * once more for who may have glimpsed it → close its backend. One change at a time.
 */
final class TierChanges implements TierChain {
    private static final System.Logger LOG = System.getLogger(TierChanges.class.getName());

    private final String name;
    private final ChainParts parts;
    private final Tiers tiers;
    private final Codecs codecs;
    private final Upkeep upkeep;
    private final Movers movers;
    private final Surroundings surroundings;
    private volatile boolean tiersMoved;

    TierChanges(String name, ChainParts parts, Codecs codecs, Upkeep upkeep, Movers movers, Surroundings surroundings) {
        this.name = name;
        this.parts = parts;
        this.tiers = parts.tiers();
        this.codecs = codecs;
        this.upkeep = upkeep;
        this.movers = movers;
        this.surroundings = surroundings;
    }

    /** Whether tiers came, went or changed places: then their counts do not fit together any more. */
    boolean wereTiersMoved() {
        return tiersMoved;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> tiers() {
        return order().stream().map(Tier::name).toList();
    }

    private List<Tier> order() {
        return List.of(tiers.inOrder());
    }

    @Override
    public synchronized String attach(TierConfig config, int position) {
        checkOpen();
        List<Tier> order = new ArrayList<>(order());
        if (position < 0 || position > order.size()) {
            throw new ConfigException(
                    "chain " + name + ": position " + position + " for a new tier; allowed: 0 to " + order.size());
        }
        int number = tiers.freeNumber();
        if (number < 0) {
            throw new ConfigException(
                    "chain " + name + " has " + order.size() + " tiers; allowed: " + Directory.TIERS_MAX);
        }
        codecs.check(config.codec());
        Tier tier = surroundings.opener().openTier(ChainOpener.nameFor(config, order), number, config, this::addCodec);
        tiersMoved = true;
        tiers.number(tier);
        order.add(position, tier);
        reorderTo(order);
        return tier.name();
    }

    /** The number of a codec, which it gets now unless it has one. */
    private int addCodec(String codec) {
        if (codecs.add(codec)) {
            settle(); // from now on every operation has a scratch that knows it
        }
        return codecs.numberOf(codec);
    }

    @Override
    public synchronized void freeze(String tier) {
        checkOpen();
        freeze(named(tier));
    }

    private void freeze(Tier tier) {
        tier.freeze();
        settle();
    }

    @Override
    public synchronized void thaw(String tier) {
        checkOpen();
        named(tier).thaw();
    }

    @Override
    public synchronized Evacuated drain(String tier, Progress progress) {
        checkOpen();
        return drain(named(tier), progress);
    }

    private Evacuated drain(Tier tier, Progress progress) {
        boolean wasOpen = tier.isOpen();
        boolean complete = false;
        try {
            freeze(tier);
            Evacuated evacuated = new Evacuation(parts, movers, surroundings.lifecycle(), tier, progress).drain();
            complete = evacuated.isComplete();
            return evacuated;
        } finally {
            if (wasOpen && !complete) {
                tier.thaw();
            }
        }
    }

    @Override
    public synchronized Evacuated detach(String tier, Progress progress) {
        checkOpen();
        Tier leaving = named(tier);
        if (order().size() == 1) {
            throw new ConfigException("chain " + name + ": " + tier + " is its only tier, and a chain needs one");
        }
        Evacuated evacuated = drain(leaving, progress);
        if (evacuated.isComplete()) {
            remove(leaving);
        }
        return evacuated;
    }

    private void remove(Tier tier) {
        tiersMoved = true;
        List<Tier> order = new ArrayList<>(order());
        order.remove(tier);
        reorderTo(order);
        settle();
        upkeep.freeOwed(tier);
        if (tier.owed().size() > 0) {
            LOG.log(
                    Level.WARNING,
                    "tier {0} of chain {1} went without an answer to {2} frees: it may still hold these copies, which nobody"
                            + " can read",
                    tier.name(),
                    name,
                    Integer.toString(tier.owed().size()));
        }
        tiers.forget(tier);
        settle();
        tier.backend().close();
    }

    @Override
    public synchronized Evacuated resize(String tier, Size capacity, Progress progress) {
        checkOpen();
        Tier resized = named(tier);
        TierConfig before = resized.config();
        TierConfig after = before.withCapacity(capacity);
        long bytesBefore = resized.capacity();
        long bytes = resized.limit(surroundings.opener().capacity(after));
        boolean complete = false;
        try {
            if (bytes < bytesBefore && resized.located() != null) {
                settle(); // claims from before may hold what lies beyond now; later ones do not take it
            }
            Evacuated evacuated =
                    new Evacuation(parts, movers, surroundings.lifecycle(), resized, progress).shrink(bytes);
            complete = evacuated.isComplete();
            return evacuated;
        } finally {
            if (complete) {
                resized.resized(after, bytes);
                sizeDirectory();
            } else {
                resized.limit(bytesBefore);
            }
        }
    }

    @Override
    public synchronized void reorder(List<String> names) {
        checkOpen();
        if (!names.stream().sorted().toList().equals(tiers().stream().sorted().toList())) {
            throw new ConfigException("chain " + name + ": the new order " + names
                    + " must name each of its tiers once; allowed: " + String.join(", ", tiers()));
        }
        tiersMoved = true;
        reorderTo(names.stream().map(this::named).toList());
    }

    private void reorderTo(List<Tier> order) {
        tiers.order(order);
        sizeDirectory();
        settle();
    }

    private void sizeDirectory() {
        long capacity = Arrays.stream(tiers.inOrder()).mapToLong(Tier::capacity).sum();
        parts.directory().resize(ChainOpener.entriesMax(surroundings.directorySize(), capacity));
    }

    @Override
    public synchronized void codec(String tier, String codec) {
        checkOpen();
        Tier recoded = named(tier);
        recoded.recode(recoded.config().withCodec(codec), addCodec(codec));
        settle();
    }

    /** Waits for all that is under way, the background's pass included. */
    private void settle() {
        surroundings.lifecycle().settle();
        upkeep.paused(() -> {});
    }

    private Tier named(String tier) {
        return order().stream()
                .filter(known -> known.name().equals(tier))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "chain " + name + " has no tier \"" + tier + "\"; allowed: " + String.join(", ", tiers())));
    }

    /** Waits, once the store takes no more calls, for the change that is under way to end. */
    synchronized void awaitEnd() {
        assert surroundings.lifecycle().isClosed() : "another change could follow";
    }

    private void checkOpen() {
        if (surroundings.lifecycle().isClosed()) {
            throw new PoolClosedException("the store is closed");
        }
    }
}
