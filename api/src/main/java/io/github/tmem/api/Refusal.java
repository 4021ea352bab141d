package io.github.tmem.api;

/**
 * Why a put was refused (L11). When the tiers of a chain refuse for different reasons, the first of these in the order
 * below is reported; each tier's own count is in its {@link io.github.tmem.api.stats.TierStats}.
 */
public enum Refusal {
    /** No tier had room, and the bounded search for victims (L10) found none that may give way. */
    FULL,
    /** The directory has no free entry, and no ephemeral page that could give one up. */
    DIRECTORY_FULL,
    /** A tier could not be reached, or did not answer; the page counts as not stored. */
    UNAVAILABLE,
    /** The tiers that could have taken the page, or its pool, are frozen for now. */
    FROZEN,
    /** The tiers that would take pages of this kind and length want only such as compress, and this one does not. */
    POOR_COMPRESSION,
    /** No tier of the chain takes pages of this kind or length. */
    DECLINED,
    /** The pool holds as many encoded bytes as its quota allows, and too few ephemeral pages of its own could give way. */
    OVER_QUOTA,
    /** The pool has no page of this index: it was opened for fewer. No tier was asked. */
    WRONG_INDEX,
    /**
     * The put came with a {@linkplain PagePool#fillToken fill token}, and the key may have been put or flushed since the
     * token was taken. The only refusal that leaves the key's newer page where it is.
     */
    OUTDATED
}
