/**
 * What a chain must survive: one test for each scenario of {@code docs/scenarios.md}, on every shape of chain it makes
 * sense for.
 *
 * <pre>{@code
 * @Scenario(on = Shapes.TWO_TIERS_OR_MORE, points = {"get-done", "put", "put-done"})
 * void S99_ofAPageThatMoves(ChainShape shape, PageKind kind, GetMode mode, String step) {
 *     try (Scene scene = Scene.moving(shape, kind, mode)) {      // tiers of 2, 4 and 6 pages
 *         scene.put(0, 1);                                       // page 0, version 1, into tier 0
 *         var demoting = scene.demoteUntil(step, 0);             // a move of page 0 stands at that step
 *         assertThat(scene.put(0, 2).stored()).isTrue();         // what is to happen meanwhile
 *         scene.gate().open(Scene.pointOf(step, 0));
 *         scene.join(demoting);
 *         assertThat(scene.get(0)).isEqualTo(2);
 *     }                                                          // verifies, and looks for anything left behind
 * }
 * }</pre>
 *
 * <p>Leave out the parameters you do not need; {@code kinds} and {@code modes} narrow them. {@link
 * io.github.tmem.system.scenario.Scene#putInto} places a page in any tier at once, {@code fill} makes a tier full, {@code
 * tier(n).faults()} makes calls fail, {@code remote(n).link} breaks a link, {@code gate()} stops any call of any tier. Never
 * sleep: stop others at the gate instead. Call {@code settle()} before you count copies: remote tiers free late. Break the
 * line that your test guards, see the test fail, and write both into the table; {@code ScenarioTableTest} reads it.
 */
@NullMarked
package io.github.tmem.system.scenario;

import org.jspecify.annotations.NullMarked;
