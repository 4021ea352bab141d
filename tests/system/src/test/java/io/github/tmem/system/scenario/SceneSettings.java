package io.github.tmem.system.scenario;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Incompressible;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.config.WhenFull;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a {@link Scene} is made of.
 *
 * @param shape the chain
 * @param kind the kind of the scene's own pool
 * @param mode the get mode of the scene's own pool
 * @param moving whether the background moves ephemeral pages down when a tier is full to its last page
 * @param promote when pages move up
 * @param whenFull what a full tier does
 * @param lengthMax the longest copy that any tier takes, in bytes
 * @param unserving the number of the tier that takes no pages of this kind, or {@link #NONE}
 * @param firstPages how many pages fit into the first tier; each tier below holds two pages more than the one above
 * @param codecs the codec of each tier, first tier first, over again if there are more tiers
 * @param incompressible what every tier does with a page that does not compress
 */
record SceneSettings(
        ChainShape shape,
        PageKind kind,
        GetMode mode,
        boolean moving,
        Promotion promote,
        WhenFull whenFull,
        int lengthMax,
        int unserving,
        int firstPages,
        List<String> codecs,
        Incompressible incompressible) {
    static final int NONE = -1;

    /** Between what a tier uses that lacks one page and one that is full, for up to 6 pages. */
    private static final int ALMOST_FULL = 85;

    /** Nothing moves but to make room for a put. */
    static SceneSettings of(ChainShape shape, PageKind kind, GetMode mode) {
        return new SceneSettings(
                shape,
                kind,
                mode,
                false,
                Promotion.NEVER,
                new WhenFull(FullAction.DEMOTE, FullAction.DEMOTE),
                Integer.MAX_VALUE,
                NONE,
                2,
                List.of(TierConfig.DEFAULT_CODEC),
                Incompressible.ACCEPT);
    }

    /** What a pool of a scene is like. */
    static PoolConfig pool(String name, PageKind kind, GetMode mode) {
        PoolConfig config = kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
        return config.withGetMode(mode).withPageSize(Scene.PAGE);
    }

    SceneSettings moving(boolean newMoving) {
        return new SceneSettings(
                shape,
                kind,
                mode,
                newMoving,
                promote,
                whenFull,
                lengthMax,
                unserving,
                firstPages,
                codecs,
                incompressible);
    }

    SceneSettings promote(Promotion newPromote) {
        return new SceneSettings(
                shape,
                kind,
                mode,
                moving,
                newPromote,
                whenFull,
                lengthMax,
                unserving,
                firstPages,
                codecs,
                incompressible);
    }

    SceneSettings whenFull(FullAction ephemeral, FullAction persistent) {
        return new SceneSettings(
                shape,
                kind,
                mode,
                moving,
                promote,
                new WhenFull(ephemeral, persistent),
                lengthMax,
                unserving,
                firstPages,
                codecs,
                incompressible);
    }

    SceneSettings lengthMax(int length) {
        return new SceneSettings(
                shape, kind, mode, moving, promote, whenFull, length, unserving, firstPages, codecs, incompressible);
    }

    SceneSettings firstPages(int pages) {
        return new SceneSettings(
                shape, kind, mode, moving, promote, whenFull, lengthMax, unserving, pages, codecs, incompressible);
    }

    SceneSettings codecs(List<String> newCodecs) {
        return new SceneSettings(
                shape,
                kind,
                mode,
                moving,
                promote,
                whenFull,
                lengthMax,
                unserving,
                firstPages,
                newCodecs,
                incompressible);
    }

    /** With tiers that leave pages alone which do not compress. */
    SceneSettings refusingIncompressible() {
        return new SceneSettings(
                shape,
                kind,
                mode,
                moving,
                promote,
                whenFull,
                lengthMax,
                unserving,
                firstPages,
                codecs,
                Incompressible.REFUSE);
    }

    SceneSettings unserving(int tier) {
        return new SceneSettings(
                shape, kind, mode, moving, promote, whenFull, lengthMax, tier, firstPages, codecs, incompressible);
    }

    /** The kinds of pages that a tier takes. */
    Set<PageKind> kinds(int tier) {
        return tier == unserving ? EnumSet.complementOf(EnumSet.of(kind)) : EnumSet.allOf(PageKind.class);
    }

    int pages(int tier) {
        return firstPages + 2 * tier;
    }

    TierConfig configure(int number, TierConfig tier) {
        int mark = moving ? ALMOST_FULL : 100;
        return tier.withWatermarks(mark, mark)
                .withCodec(codecs.get(number % codecs.size()))
                .withIncompressible(incompressible)
                .withPromote(promote)
                .withWhenFull(whenFull.ephemeral(), whenFull.persistent());
    }
}
