package io.github.tmem.system.scenario;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.backend.BlockingBackend;
import io.github.tmem.kit.backend.Fault;
import io.github.tmem.kit.backend.FaultyBackend;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import io.github.tmem.kit.provider.TestBackends;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One tier of a scene: its medium, and in front of it, from the chain's side, a door that declines, the gate, and faults.
 */
final class SceneTier {
    /** A slab of a memory tier this small holds four parts of a page. */
    private static final int SLAB = 16_448;

    private static final int SLABS_IN_PAGE = 4;

    /** For the heads of pages, which are a few bytes each: one slab for each kind. */
    private static final int HEAD_SLABS = 2;

    /** What a page takes of a chronicle tier, with its share of hash tables and of the reserve. */
    private static final int CHRONICLE_PAGE = 80 << 10;

    /** What the map itself takes. */
    private static final int CHRONICLE_MAP = 12 << 10;

    private final int pages;
    private final @Nullable KeyedTestBackend remote;
    private final Backend medium;
    private final Supplier<Collection<byte[]>> contents;
    private final FaultyBackend faults;
    private final Door door;

    /** A tier, with its gate's points named {@code number} and a dot first. */
    SceneTier(int number, TierSort sort, TierConfig config, Gate gate, SceneSettings settings) {
        pages = pages(sort, config.capacity().resolve(0));
        if (sort == TierSort.REMOTE) {
            KeyedTestBackend far = KeyedTestBackend.slow((long) pages * Scene.PAGE);
            remote = far;
            medium = far;
            contents = () -> far.contents().values();
        } else {
            NamedCopies near = new NamedCopies(TestBackends.installed(type(sort), config));
            remote = null;
            medium = near.asBackend();
            contents = near::contents;
        }
        faults = new FaultyBackend(medium, 1);
        Backend gated = new BlockingBackend(faults.asBackend(), gate, Integer.toString(number)).asBackend();
        door = new Door(gated, settings.lengthMax(), settings.kinds(number));
    }

    private static String type(TierSort sort) {
        return sort.name().toLowerCase(Locale.ROOT);
    }

    /** The capacity in bytes of a tier that holds so many pages, and no page more. */
    static long capacity(TierSort sort, int pages) {
        return switch (sort) {
            case REMOTE -> (long) pages * Scene.PAGE;
            case CHRONICLE -> (long) pages * CHRONICLE_PAGE + CHRONICLE_MAP;
            case HEAP, OFFHEAP -> (long) SLAB * (SLABS_IN_PAGE * pages + HEAD_SLABS);
        };
    }

    private static int pages(TierSort sort, long capacity) {
        long pages = switch (sort) {
            case REMOTE -> capacity / Scene.PAGE;
            case CHRONICLE -> (capacity - CHRONICLE_MAP) / CHRONICLE_PAGE;
            case HEAP, OFFHEAP -> (capacity / SLAB - HEAD_SLABS) / SLABS_IN_PAGE;
        };
        return Math.toIntExact(pages);
    }

    Backend backend() {
        return door.asBackend();
    }

    Door door() {
        return door;
    }

    /** Where calls are made to fail. */
    FaultyBackend faults() {
        return faults;
    }

    /** The remote medium. */
    KeyedTestBackend remote() {
        if (remote == null) {
            throw new IllegalStateException("the tier is not remote");
        }
        return remote;
    }

    /** How many pages fit. */
    int pages() {
        return pages;
    }

    /** How many copies there are, dead ones included whose free is owed. */
    int copies() {
        return Math.toIntExact(medium.usage().copies());
    }

    /** How many copies there are of pages of an object, dead ones included whose free is owed. */
    long copiesOf(ObjectId object) {
        return contents.get().stream()
                .map(Pages::key)
                .filter(key -> key != null && key.object().equals(object))
                .count();
    }

    /** The versions of a page of which there are copies, the lowest first. */
    List<Long> versions(PageKey key) {
        return contents.get().stream()
                .filter(bytes -> key.equals(Pages.key(bytes)))
                .map(bytes -> Pages.version(key, bytes))
                .sorted()
                .toList();
    }

    /** From now on the tier does not answer. */
    void cutOff() {
        if (remote != null) {
            remote.link(Link.DOWN);
        } else {
            List.of(Fault.PUT_UNAVAILABLE, Fault.GET_UNAVAILABLE, Fault.FLUSH_UNAVAILABLE)
                    .forEach(fault -> faults.rate(fault, 1000));
        }
    }

    /** Ends all faults, and brings the link up. */
    void heal() {
        door.declineNobody();
        faults.heal();
        if (remote != null) {
            remote.link(Link.UP);
        }
    }
}
