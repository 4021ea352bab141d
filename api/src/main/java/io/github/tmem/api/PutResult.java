package io.github.tmem.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a put went, or why it was refused.
 *
 * <p>A refused put leaves no older copy of the key readable (L3): the caller holds the only copy. One that was {@link
 * Refusal#OUTDATED} leaves the newer page, if there is one.
 *
 * @param tier the name of the tier that took the page, {@code "directory"} for a same-filled page, or {@code null} when
 *     the put was refused
 * @param refusal why the put was refused, or {@code null} when it was stored
 * @param writeBelow whether the caller is to write the page to where it lives without a store: always for a {@linkplain
 *     WriteMode#THROUGH write-through} pool, and when a put was refused. Not when it was {@link Refusal#OUTDATED}: then what
 *     is below is newer
 */
public record PutResult(@Nullable String tier, @Nullable Refusal refusal, boolean writeBelow) {

    public PutResult {
        if ((tier == null) == (refusal == null)) {
            throw new IllegalArgumentException("exactly one of tier and refusal is set");
        }
    }

    /** A result for a page now held by {@code tier}. */
    public static PutResult storedIn(String tier) {
        return new PutResult(Objects.requireNonNull(tier), null, false);
    }

    /** A result for a page now held by {@code tier} for a write-through pool. */
    public static PutResult storedThrough(String tier) {
        return new PutResult(Objects.requireNonNull(tier), null, true);
    }

    /** A result for a page that no tier took. */
    public static PutResult refused(Refusal refusal) {
        return new PutResult(null, Objects.requireNonNull(refusal), refusal != Refusal.OUTDATED);
    }

    /**
     * Whether the store took the page. A put that another put or a flush overtook at the same moment reports stored: it
     * came first and was replaced or flushed.
     */
    public boolean stored() {
        return refusal == null;
    }

    @Override
    public String toString() {
        String outcome = refusal == null ? "stored in " + tier : "refused: " + refusal;
        return stored() && writeBelow ? outcome + ", to be written below too" : outcome;
    }
}
