package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left behind by a move that is given up, and by one whose page turns out to be damaged, gone or out of reach. */
class MovesTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGE = Stage.PAGE;
    private static final UnaryOperator<TierConfig> DEMOTING = Stage.whenFull(FullAction.DEMOTE, FullAction.DEMOTE);

    private static PagePool pool(Stage stage, PageKind kind) {
        return kind == PageKind.PERSISTENT ? stage.persistent(GetMode.INCLUSIVE) : stage.ephemeral(GetMode.INCLUSIVE);
    }

    /** A page moves up at its first hit below, at its second, or never; in the first tier it has nowhere to go. */
    @ParameterizedTest
    @EnumSource
    void aPageMovesUpWhenItsTierSaysSo(Promotion promotion) {
        try (Stage stage = Stage.of(tier -> tier.withPromote(promotion), 1, 1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, OTHER, 0, 1);
            stage.put(pool, FILE, 0, 1);
            pool.flush(OTHER, 0);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stage.stats(0).promotedIn()).isEqualTo(promotion == Promotion.ALWAYS ? 1 : 0);
            for (int hits = 0; hits < 4; hits++) {
                assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
                assertThat(stage.stats(0).promotedIn()).isEqualTo(promotion == Promotion.NEVER ? 0 : 1);
            }
            assertThat(stage.stats(1).promotedOut()).isEqualTo(stage.stats(0).promotedIn());
            assertThat(stage.stats(0).movesRefused()).isZero();
        }
    }

    @Test
    void aPageThatMovesUpKeepsTheCreditOfItsHit() {
        try (Stage stage = Stage.of(tier -> DEMOTING.apply(tier).withPromote(Promotion.ALWAYS), 2, 4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 3; i++) {
                stage.put(pool, FILE, i, 1);
            }
            assertThat(stage.stats(0).demotedOut()).isEqualTo(1);
            pool.flush(FILE, 1);
            pool.flush(FILE, 2);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stage.stats(0).promotedIn()).isEqualTo(1);
            stage.put(pool, FILE, 3, 1);
            stage.put(pool, FILE, 4, 1); // 3 goes down, for 0 was hit
            assertThat(stage.stats(0).demotedOut()).isEqualTo(2);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stage.stats(0).hits()).as("found where it had moved to").isEqualTo(1);
        }
    }

    @Test
    void aPersistentPageThatCannotBeReadStaysAndMovesLater() {
        try (Stage stage = Stage.of(DEMOTING, 1, 4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).link(Link.DOWN);
            assertThat(stage.put(pool, FILE, 1, 1)).as("goes below").isTrue();
            stage.tier(0).link(Link.UP);
            assertThat(stage.stats(0).lost()).isZero();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stage.put(pool, FILE, 2, 1)).isTrue();
            assertThat(stage.stats(0).demotedOut()).isEqualTo(1);
            for (int i = 0; i < 3; i++) {
                assertThat(stage.get(pool, FILE, i)).isEqualTo(1);
            }
        }
    }

    @Test
    void aPersistentPageThatFindsNoPlaceBelowStaysAndMovesLater() {
        try (Stage stage = Stage.of(DEMOTING, 1, 2)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 3; i++) {
                assertThat(stage.put(pool, FILE, i, 1)).isTrue();
            }
            assertThat(stage.put(pool, FILE, 3, 1)).as("all is full").isFalse();
            assertThat(stage.stats(1).movesRefused()).isPositive();
            long moved = stage.stats(0).demotedOut();
            assertThat(pool.flush(FILE, 0)).isTrue(); // room below
            assertThat(stage.put(pool, FILE, 3, 1)).isTrue();
            assertThat(stage.stats(0).demotedOut()).isEqualTo(moved + 1);
            for (int i = 1; i < 4; i++) {
                assertThat(stage.get(pool, FILE, i)).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PageKind.class)
    void aPageFoundDamagedOnItsWayDownIsDroppedOrLost(PageKind kind) {
        try (Stage stage = Stage.of(DEMOTING, 1, 4)) {
            PagePool pool = pool(stage, kind);
            stage.put(pool, FILE, 0, 1);
            Map<Long, byte[]> contents = new HashMap<>(stage.tier(0).contents());
            contents.values().forEach(bytes -> bytes[1234] ^= 4);
            stage.tier(0).restart(contents);
            stage.put(pool, FILE, 1, 1);
            assertThat(stage.stats(0).corrupt()).isEqualTo(1);
            assertThat(stage.stats(0).gone()).isZero();
            assertEnded(stage, pool);
        }
    }

    @ParameterizedTest
    @EnumSource(PageKind.class)
    void aPageFoundGoneOnItsWayDownIsDroppedOrLost(PageKind kind) {
        try (Stage stage = Stage.of(DEMOTING, 1, 4)) {
            PagePool pool = pool(stage, kind);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).restart(Map.of());
            stage.put(pool, FILE, 1, 1);
            assertThat(stage.stats(0).gone()).isEqualTo(1);
            assertThat(stage.stats(0).corrupt()).isZero();
            assertEnded(stage, pool);
        }
    }

    /** Page 0 is dropped or lost, and its room in tier 0 serves others. */
    private static void assertEnded(Stage stage, PagePool pool) {
        boolean persistent = pool.kind() == PageKind.PERSISTENT;
        assertThat(stage.stats(0).demotedOut()).isZero();
        assertThat(stage.stats(0).lost()).isEqualTo(persistent ? 1 : 0);
        assertThat(stage.stats(0).dropped()).isEqualTo(persistent ? 0 : 1);
        assertThat(pool.stats().lostPages()).isEqualTo(persistent ? 1 : 0);
        assertThat(pool.stats().dropped()).isEqualTo(persistent ? 0 : 1);
        if (persistent) {
            assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
        } else {
            assertThat(stage.get(pool, FILE, 0)).isZero();
        }
        assertThat(stage.put(pool, FILE, 2, 1)).isTrue();
        assertThat(stage.copies(0)).isEqualTo(1);
    }

    /** A move that reads a damaged copy and is overtaken before the verdict says nothing about the page that is there now. */
    @Test
    void aVerdictOnACopyThatWasReplacedIsNone() {
        try (Stage stage = Stage.of(DEMOTING, 2, 4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            Map<Long, byte[]> contents = new HashMap<>(stage.tier(0).contents());
            contents.values().forEach(bytes -> bytes[1234] ^= 4);
            stage.tier(0).restart(contents);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).gate().shutForOne("get-done");
            CompletableFuture<Boolean> demoting = start(() -> stage.put(pool, FILE, 2, 1)); // pushes page 0 down
            stage.tier(0).gate().awaitArrival("get-done");
            assertThat(stage.put(pool, FILE, 0, 2)).isTrue();
            stage.tier(0).gate().open("get-done");
            assertThat(join(demoting)).isTrue();
            assertThat(stage.stats(0).corrupt()).isZero();
            for (int i = 0; i < 3; i++) {
                assertThat(stage.get(pool, FILE, i)).isEqualTo(i == 0 ? 2 : 1);
            }
        }
    }

    /** The same stamp, tier and bytes, but another slot: only the locator tells. */
    @Test
    void aPageThatMovedInsideItsTierIsTakenFromWhereItIs() {
        int last = LocatedStage.PAGES_IN_UNIT;
        try (LocatedStage stage = LocatedStage.empty();
                EphemeralPool small = stage.smallPages();
                PersistentPool pool = stage.store().persistent("taken", GetMode.EXCLUSIVE)) {
            for (int i = 0; i <= last; i++) { // the last one is alone in its unit
                assertThat(pool.put(FILE, i, Stage.page(FILE, i, 1)).stored()).isTrue();
            }
            assertThat(pool.flush(FILE, 0)).isTrue();
            AtomicInteger reads = new AtomicInteger();
            stage.hooks().at("get-done", () -> {
                if (reads.incrementAndGet() == 1) { // pages of another size need a unit of their own
                    assertThat(join(start(() -> small.put(OTHER, 0, Pages.noise(1, 512))))
                                    .stored())
                            .isTrue();
                }
            });
            assertThat(Delivery.get(pool, new PageKey(FILE, last))).isEqualTo(1);
            assertThat(reads).as("read, moved, read again").hasValue(3);
            assertThat(Delivery.get(pool, new PageKey(FILE, last))).isZero();
            stage.verify();
        }
    }

    /** From a slow tier a damaged copy is read once more: what was damaged on its way is whole where it is kept. */
    @ParameterizedTest
    @ValueSource(strings = {"whole", "out of reach", "damaged", "gone"})
    void aSlowTierIsAskedAgainBeforeTheVerdict(String second) {
        try (Stage stage = Stage.over(tier -> tier, KeyedTestBackend.slow(4L * PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            Map<Long, byte[]> intact = new HashMap<>(stage.tier(0).contents());
            Map<Long, byte[]> damaged = new HashMap<>();
            intact.forEach((copy, bytes) -> {
                byte[] other = bytes.clone();
                other[1234] ^= 4;
                damaged.put(copy, other);
            });
            stage.tier(0).restart(damaged);
            stage.hooks(0).at("get-done", () -> {
                stage.hooks(0).heal();
                switch (second) {
                    case "whole" -> stage.tier(0).restart(intact);
                    case "out of reach" -> stage.tier(0).link(Link.DOWN);
                    case "gone" -> stage.tier(0).restart(Map.of());
                    default -> {}
                }
            });
            switch (second) {
                case "whole" -> assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
                case "out of reach" ->
                    assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageUnavailableException.class);
                default -> assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
            }
            assertThat(stage.stats(0).lost()).isEqualTo(second.equals("damaged") || second.equals("gone") ? 1 : 0);
        }
    }

    @Test
    void aReadWithoutAnAnswerIsCounted() {
        try (Stage stage = Stage.of(2)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stage.stats(0).unanswered()).isZero();
            stage.tier(0).link(Link.DOWN);
            assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageUnavailableException.class);
            stage.tier(0).link(Link.UP);
            assertThat(stage.stats(0).unanswered()).isEqualTo(1);
        }
    }
}
