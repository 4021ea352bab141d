package io.github.tmem.bench.remote;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.work.BackendCopies;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tier {@code remote} as a chain uses it: encoded pages, ephemeral, each put a copy under a number of its own. A call has
 * ten seconds, so that a machine that stalls spoils a round and not the run.
 */
public final class TierWire implements PageWire {
    private static final String TYPE = "remote";
    private static final long CAPACITY = 4L << 30;
    private static final long NONE = -1;

    private static final int REMOVED_AT_ONCE = 512;

    private final Backend backend;
    private final MemorySegment[] encoded;
    private final int lengthMax;
    private final long[] locators;
    private long copyId;

    /**
     * A tier in the server, with room for pages under {@code keys} keys.
     *
     * @param trust who has signed the server's certificate; null if it speaks plain text
     */
    public TierWire(LocalServer server, @Nullable Path trust, EncodedSet set, int keys) {
        Map<String, String> settings = new HashMap<>(Map.of("uri", server.uri(), "timeout", "10s"));
        if (trust != null) {
            settings.put("trust-file", trust.toString());
        }
        backend = BackendCopies.provider(TYPE)
                .open(TierConfig.of(TYPE, Size.ofBytes(CAPACITY)).withSettings(settings));
        encoded = Arrays.stream(set.encoded()).map(MemorySegment::ofArray).toArray(MemorySegment[]::new);
        lengthMax = set.lengthMax();
        locators = new long[keys];
        Arrays.fill(locators, NONE);
    }

    @Override
    public String name() {
        return "remote tier";
    }

    @Override
    public int lengthMax() {
        return lengthMax;
    }

    private MemorySegment page(int key) {
        return encoded[key % encoded.length];
    }

    @Override
    public void put(int key) {
        MemorySegment page = page(key);
        long locator = backend.put(++copyId, PageKind.EPHEMERAL, key, page, (int) page.byteSize());
        if (locator < 0) {
            throw new IllegalStateException("a put said " + Outcome.name(locator));
        }
        locators[key] = locator;
    }

    @Override
    public void get(int key, Slot slot) {
        String complaint = compare(key, backend.get(locators[key], slot.page(), length(key)), slot);
        if (complaint != null) {
            throw new IllegalStateException(complaint);
        }
    }

    private int length(int key) {
        return (int) page(key).byteSize();
    }

    private @Nullable String compare(int key, long result, Slot slot) {
        int length = length(key);
        if (result != length) {
            return "a get said " + Outcome.name(result);
        }
        return MemorySegment.mismatch(page(key), 0, length, slot.page(), 0, length) < 0
                ? null
                : "page " + key + " came back changed";
    }

    @Override
    public void putAsync(int key, Slot slot) {
        MemorySegment page = page(key);
        backend.putAsync(++copyId, PageKind.EPHEMERAL, key, page, (int) page.byteSize(), locator -> {
            if (locator >= 0) {
                locators[key] = locator;
            }
            slot.landed(locator < 0 ? "a put said " + Outcome.name(locator) : null);
        });
    }

    @Override
    public void getAsync(int key, Slot slot) {
        backend.getAsync(locators[key], slot.page(), length(key), result -> slot.landed(compare(key, result, slot)));
    }

    @Override
    public void remove(int fromKey, int toKey) {
        long[] copies = Arrays.stream(locators, fromKey, toKey)
                .filter(locator -> locator != NONE)
                .toArray();
        for (int from = 0; from < copies.length; from += REMOVED_AT_ONCE) {
            long[] some = Arrays.copyOfRange(copies, from, Math.min(copies.length, from + REMOVED_AT_ONCE));
            int[] outcomes = new int[some.length];
            backend.flushAll(some, some.length, outcomes);
            for (int outcome : outcomes) {
                if (outcome != Outcome.DONE) {
                    throw new IllegalStateException("a flush said " + Outcome.name(outcome));
                }
            }
        }
        Arrays.fill(locators, fromKey, toKey, NONE);
    }

    @Override
    public void close() {
        backend.close();
    }
}
