package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.Incompressible;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.tiering.codec.Codecs;
import io.github.tmem.tiering.codec.PageBuffer;

/**
 * Which pages a tier takes, whatever its room.
 *
 * @param ephemeralLengthMax the longest copy of an ephemeral page, 0 if it takes none
 * @param persistentLengthMax the same for persistent pages
 */
record Admission(int ephemeralLengthMax, int persistentLengthMax) {
    /** The answer to a page that the tier may take. */
    static final int ADMITTED = 0;

    /** The answer of a tier that takes only pages its codec shortens by an eighth; no outcome of a backend's. */
    static final int POOR_COMPRESSION = -8;

    static Admission of(Capabilities capabilities) {
        return new Admission(lengthMax(capabilities, PageKind.EPHEMERAL), lengthMax(capabilities, PageKind.PERSISTENT));
    }

    private static int lengthMax(Capabilities capabilities, PageKind kind) {
        return capabilities.kinds().contains(kind) ? capabilities.lengthMax() : 0;
    }

    /**
     * Judges a page in the form that the tier keeps.
     *
     * @return {@link #ADMITTED}, {@link Outcome#DECLINED} for its kind or length, or {@link #POOR_COMPRESSION}
     */
    int judge(PageKind kind, PageBuffer page, TierConfig config) {
        if (page.length() > (kind == PageKind.EPHEMERAL ? ephemeralLengthMax : persistentLengthMax)) {
            return Outcome.DECLINED;
        }
        boolean poor = page.codec() == Codecs.RAW
                && config.incompressible() == Incompressible.REFUSE
                && !page.isAsItIs(); // which may well have been compressed before it came
        return poor ? POOR_COMPRESSION : ADMITTED;
    }
}
