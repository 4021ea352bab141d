package io.github.tmem.tiering.policy;

import io.github.tmem.api.PageKind;

/**
 * What a page is to those who choose victims. A page keeps its class when it moves to another tier.
 *
 * <pre>
 *   PERSISTENT                              never evicted, demoted in order of arrival
 *   SMALL      --- hit twice ----------->  MAIN         inclusive gets: {@link S3Fifo}
 *   PROBATION  --- gone and back again -->  PROTECTED    exclusive gets: {@link TwoFifo}
 * </pre>
 */
public enum PageClass {
    /** A page of a persistent pool. */
    PERSISTENT,
    /** A newcomer of an inclusive pool. */
    SMALL,
    /** A page of an inclusive pool that proved itself. */
    MAIN,
    /** A newcomer of an exclusive pool. */
    PROBATION,
    /** A page of an exclusive pool that came back. */
    PROTECTED;

    /** The number of classes. */
    public static final int COUNT = values().length;

    /**
     * The class of a page.
     *
     * @param exclusive whether a hit removes the page
     * @param proven whether the page has left the newcomers
     */
    public static PageClass of(PageKind kind, boolean exclusive, boolean proven) {
        if (kind == PageKind.PERSISTENT) {
            return PERSISTENT;
        }
        if (exclusive) {
            return proven ? PROTECTED : PROBATION;
        }
        return proven ? MAIN : SMALL;
    }

    /** Whether pages of this class are of this kind. */
    public boolean isOf(PageKind kind) {
        return (this == PERSISTENT) == (kind == PageKind.PERSISTENT);
    }

    /** The class of the same pool for pages that have, or have not, left the newcomers. */
    public PageClass withStanding(boolean proven) {
        return switch (this) {
            case PERSISTENT -> PERSISTENT;
            case SMALL, MAIN -> proven ? MAIN : SMALL;
            case PROBATION, PROTECTED -> proven ? PROTECTED : PROBATION;
        };
    }
}
