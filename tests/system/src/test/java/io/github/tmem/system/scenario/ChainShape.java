package io.github.tmem.system.scenario;

import io.github.tmem.api.PageKind;
import java.util.List;

/** The chains that scenarios run on. */
enum ChainShape {
    HEAP(TierSort.HEAP),
    OFFHEAP(TierSort.OFFHEAP),
    REMOTE(TierSort.REMOTE),
    HEAP_OFFHEAP(TierSort.HEAP, TierSort.OFFHEAP),
    OFFHEAP_HEAP(TierSort.OFFHEAP, TierSort.HEAP),
    HEAP_CHRONICLE_OFFHEAP(TierSort.HEAP, TierSort.CHRONICLE, TierSort.OFFHEAP),
    HEAP_REMOTE(TierSort.HEAP, TierSort.REMOTE),
    OFFHEAP_REMOTE(TierSort.OFFHEAP, TierSort.REMOTE),
    HEAP_OFFHEAP_REMOTE(TierSort.HEAP, TierSort.OFFHEAP, TierSort.REMOTE),
    HEAP_REMOTE_REMOTE(TierSort.HEAP, TierSort.REMOTE, TierSort.REMOTE);

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes it immutable
    private final List<TierSort> tiers;

    ChainShape(TierSort... tiers) {
        this.tiers = List.of(tiers);
    }

    /** What the tiers are, first tier first. */
    List<TierSort> tiers() {
        return tiers;
    }

    /** The number of the last tier. */
    int last() {
        return tiers.size() - 1;
    }

    boolean has(TierSort sort) {
        return tiers.contains(sort);
    }

    /** Whether every tier takes pages of this kind. */
    boolean serves(PageKind kind) {
        return kind == PageKind.EPHEMERAL || !has(TierSort.CHRONICLE);
    }

    /** Whether the tier has latency; it then answers moves in the background, and frees are paid there. */
    boolean isSlow(int tier) {
        return tiers.get(tier) == TierSort.REMOTE;
    }

    /** Whether a tier below another one is slow. */
    boolean movesIntoSlow() {
        return tiers.subList(1, tiers.size()).contains(TierSort.REMOTE);
    }
}
