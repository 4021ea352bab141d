package io.github.tmem.api.live;

import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import java.util.List;

/**
 * The tiers of one chain, to be changed while operations run. No change loses a persistent page or brings an older page
 * back; ephemeral pages may be dropped.
 *
 * <p>Tiers are named as in {@link io.github.tmem.api.stats.TierStats#tier}. A call returns when the change has been made:
 * no operation that began before it is still at work under the old state. Changes of one chain wait for each other.
 * Thread-safe; not to be called from within an operation's callback.
 *
 * <p>All methods throw {@link ConfigException} for a tier that the chain does not have, naming those it has, and
 * {@link PoolClosedException} once the store is closed.
 */
public interface TierChain {

    /** The name of the chain. */
    String name();

    /** The names of its tiers, first to last. */
    List<String> tiers();

    /**
     * Opens a tier and puts it into the chain. Pools that are open use it at once.
     *
     * @param position where: 0 for the first tier, the number of tiers for the last
     * @return the name of the tier
     * @throws ConfigException if the tier cannot be opened, the chain has as many tiers or codecs as it can have, or the
     *     position is not one
     */
    String attach(TierConfig tier, int position);

    /** From now on the tier takes no page, neither by puts nor by moves. Its pages can be read, flushed and moved out. */
    void freeze(String tier);

    /** Ends {@link #freeze}. */
    void thaw(String tier);

    /**
     * Moves every page out of a tier and leaves it frozen. Persistent pages go to the nearest tier behind it that takes
     * them, else to one before it, and take the room of ephemeral pages there (L9); ephemeral pages go where there is room,
     * or are dropped. When that is not possible the tier takes pages again, unless it was frozen before.
     */
    Evacuated drain(String tier, Progress progress);

    /**
     * {@linkplain #drain Drains} a tier and closes it.
     *
     * @return what {@link #drain} came to; the tier is gone if that {@linkplain Evacuated#isComplete is complete}
     * @throws ConfigException if it is the only tier of the chain
     */
    Evacuated detach(String tier, Progress progress);

    /**
     * Changes the capacity of a tier. More takes effect at once. For less, pages leave as if {@linkplain #drain drained}
     * until the rest fits, ephemeral ones first; the tier takes pages meanwhile, as far as they fit.
     *
     * @return what the move of pages came to; the capacity is the old one unless that is complete
     * @throws ConfigException if the tier cannot have this capacity, naming what is allowed
     */
    Evacuated resize(String tier, Size capacity, Progress progress);

    /**
     * Gives the chain another order. Pages stay where they are.
     *
     * @param tiers the names of all tiers of the chain, each once
     * @throws ConfigException if names are missing, doubled or unknown
     */
    void reorder(List<String> tiers);

    /**
     * From now on pages that come to the tier are kept under another codec; those it has stay as they are.
     *
     * @throws ConfigException if there is no such codec, or the chain has as many codecs as it can have
     */
    void codec(String tier, String codec);

    /** {@link #drain(String, Progress)} without an ear for its progress. */
    default Evacuated drain(String tier) {
        return drain(tier, Progress.UNATTENDED);
    }

    /** {@link #detach(String, Progress)} without an ear for its progress. */
    default Evacuated detach(String tier) {
        return detach(tier, Progress.UNATTENDED);
    }

    /** {@link #resize(String, Size, Progress)} without an ear for its progress. */
    default Evacuated resize(String tier, Size capacity) {
        return resize(tier, capacity, Progress.UNATTENDED);
    }
}
