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
 */
public record PutResult(@Nullable String tier, @Nullable Refusal refusal) {

    public PutResult {
        if ((tier == null) == (refusal == null)) {
            throw new IllegalArgumentException("exactly one of tier and refusal is set");
        }
    }

    /** A result for a page now held by {@code tier}. */
    public static PutResult storedIn(String tier) {
        return new PutResult(Objects.requireNonNull(tier), null);
    }

    /** A result for a page that no tier took. */
    public static PutResult refused(Refusal refusal) {
        return new PutResult(null, Objects.requireNonNull(refusal));
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
        return refusal == null ? "stored in " + tier : "refused: " + refusal;
    }
}
