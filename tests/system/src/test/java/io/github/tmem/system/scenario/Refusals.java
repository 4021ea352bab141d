package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.Refusal;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.Fault;
import java.util.List;
import java.util.stream.IntStream;

/** Scenes in which every tier refuses pages that do not compress for a reason of choice. */
final class Refusals {
    private Refusals() {}

    /** A scene for {@link #begin} with the same reason. */
    static Scene scene(ChainShape shape, PageKind kind, GetMode mode, Refusal reason) {
        return Scene.with(shape, kind, mode, settings -> switch (reason) {
            case POOR_COMPRESSION -> settings.refusingIncompressible();
            default -> settings;
        });
    }

    /** Puts version 1 of a page, which compresses, into a tier. */
    static void putInto(Scene scene, int tier, long index) {
        List<SceneTier> above = IntStream.range(0, tier).mapToObj(scene::tier).toList();
        above.forEach(one -> one.door().declineMine());
        byte[] small = Pages.make(Scene.key(index), 1, Shape.COMPRESSIBLE, Scene.PAGE);
        assertThat(scene.pool().put(Scene.FILE, index, small).stored()).isTrue();
        above.forEach(one -> one.door().declineNobody());
    }

    /** From now on puts of pages that do not compress are refused for this reason. */
    static void begin(Scene scene, Refusal reason) {
        switch (reason) {
            case UNAVAILABLE -> scene.everywhere(Fault.PUT_UNAVAILABLE);
            case DECLINED -> scene.everywhere(Fault.PUT_DECLINED);
            case FROZEN -> scene.chain().tiers().forEach(scene.chain()::freeze);
            case POOR_COMPRESSION, WRONG_INDEX -> {} // pools and tiers do so of themselves
            default -> throw new IllegalArgumentException("tiers do not refuse as " + reason);
        }
    }

    /** Ends what {@link #begin} began. */
    static void end(Scene scene) {
        scene.chain().tiers().forEach(scene.chain()::thaw);
        scene.heal();
    }
}
