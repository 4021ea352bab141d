package io.github.tmem.node.fake;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The pages of one fake pool. Every fifth page of an ephemeral pool is dropped at once, as if to make room. */
final class FakePages {
    private record Key(ObjectId object, long index) {}

    private final PoolConfig settings;
    private final Flaw flaw;
    private final ConcurrentHashMap<Key, byte[]> pages = new ConcurrentHashMap<>();
    private final Set<Key> asked = ConcurrentHashMap.newKeySet();
    private final LongAdder stored = new LongAdder();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    FakePages(PoolConfig settings, Flaw flaw) {
        this.settings = settings;
        this.flaw = flaw;
    }

    PutResult put(ObjectId object, long index, MemorySegment page) {
        switch (flaw) {
            case OUT_OF_MEMORY -> throw new OutOfMemoryError("fake heap space");
            case THROWS -> throw new IllegalStateException("fake\nbug");
            default -> {}
        }
        Key key = new Key(object, index);
        boolean known = pages.containsKey(key);
        if (known && flaw == Flaw.KEEPS_REFUSED) {
            return PutResult.refused(Refusal.FULL);
        }
        stored.increment();
        asked.remove(key);
        boolean dropped = settings.kind() == PageKind.EPHEMERAL && index % 5 == 4;
        boolean forgotten = flaw == Flaw.FORGETS && index % 100 == 7;
        if (dropped || forgotten) {
            pages.remove(key);
        } else if (!known || flaw != Flaw.KEEPS_OLD) {
            pages.put(key, page.toArray(ValueLayout.JAVA_BYTE));
        }
        return PutResult.storedIn("fake");
    }

    boolean get(ObjectId object, long index, MemorySegment destination) {
        Key key = new Key(object, index);
        if (index % 100 == 7) {
            fail(key, destination);
        }
        boolean take = settings.getMode() == GetMode.EXCLUSIVE && flaw != Flaw.KEEPS_TAKEN;
        byte @Nullable [] page = take ? pages.remove(key) : pages.get(key);
        (page == null ? misses : hits).increment();
        if (page != null) {
            destination.copyFrom(MemorySegment.ofArray(page));
        }
        boolean spoil = page == null ? flaw == Flaw.SMUDGES : flaw == Flaw.CORRUPTS && index % 100 == 7;
        if (spoil) {
            long last = destination.byteSize() - 1;
            destination.set(ValueLayout.JAVA_BYTE, last, (byte) ~destination.get(ValueLayout.JAVA_BYTE, last));
        }
        return page != null;
    }

    /** Fails as the flaw demands. */
    private void fail(Key key, MemorySegment destination) {
        boolean held = pages.containsKey(key);
        boolean persistent = settings.kind() == PageKind.PERSISTENT;
        if (persistent && held) {
            boolean first = asked.add(key);
            switch (flaw) {
                case LOSES, LOSES_ABOVE -> throw new PageLostException("page lost");
                case HIDES, HIDES_THOUGH_ALIVE -> throw new PageUnavailableException("page unavailable");
                case LOSES_FOR_A_WHILE -> loseIf(first);
                case LOSES_AND_FORGETS -> {
                    loseIf(first);
                    pages.remove(key);
                }
                case HIDES_AND_FORGETS -> {
                    hideIf(first);
                    pages.remove(key);
                }
                case LOSES_AND_HIDES -> {
                    loseIf(first);
                    hideIf(true);
                }
                case LOSES_AND_SMUDGES -> {
                    destination.set(ValueLayout.JAVA_BYTE, 0, (byte) ~destination.get(ValueLayout.JAVA_BYTE, 0));
                    loseIf(true);
                }
                default -> {}
            }
        }
        loseIf(flaw == (persistent ? Flaw.LOSES_NOTHING : Flaw.LOSES_EPHEMERAL) && held != persistent);
        hideIf(flaw == Flaw.HIDES_NOTHING && !held);
    }

    private static void loseIf(boolean condition) {
        if (condition) {
            throw new PageLostException("page lost");
        }
    }

    private static void hideIf(boolean condition) {
        if (condition) {
            throw new PageUnavailableException("page unavailable");
        }
    }

    boolean flush(ObjectId object, long index) {
        Key key = new Key(object, index);
        return flaw == Flaw.KEEPS_FLUSHED ? pages.containsKey(key) : pages.remove(key) != null;
    }

    long flushObject(ObjectId object) {
        return pages.keySet().stream()
                .filter(key -> key.object().equals(object))
                .filter(key -> flaw == Flaw.KEEPS_OBJECT || pages.remove(key) != null)
                .count();
    }

    long count() {
        return pages.mappingCount() + (flaw == Flaw.MISCOUNTS ? 1 : 0);
    }

    PoolStats stats() {
        return new PoolStats(
                settings.name(),
                settings.kind(),
                settings.pageSize(),
                count(),
                0,
                0,
                stored.sum(),
                Map.of(Refusal.FULL, 3L),
                hits.sum(),
                misses.sum(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                1);
    }
}
