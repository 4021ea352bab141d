package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import org.junit.jupiter.api.Test;

/** The bytes of a keyed tier to the last one, and who may have them. */
class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);

    @Test
    void theLastByteCanBeReservedAndNoFurther() {
        assertThat(budget.hasRoom(100)).isTrue();
        assertThat(budget.hasRoom(101)).isFalse();
        assertThat(budget.reserve(PageKind.PERSISTENT, 60)).isTrue();
        assertThat(budget.hasRoom(40)).isTrue();
        assertThat(budget.hasRoom(41)).isFalse();
        assertThat(budget.reserve(PageKind.EPHEMERAL, 41)).isFalse();
        assertThat(budget.used()).isEqualTo(60);
        assertThat(budget.reserve(PageKind.EPHEMERAL, 40)).isTrue();
        assertThat(budget.reserve(PageKind.PERSISTENT, 1)).isFalse();
        budget.release(40);
        assertThat(budget.used()).isEqualTo(60);
        assertThat(budget.hasRoom(40)).isTrue();
    }

    @Test
    void whileAPersistentPutWaitsItIsAlone() {
        budget.beginWaiting();
        budget.beginWaiting();
        assertThat(budget.reserve(PageKind.EPHEMERAL, 1)).isFalse();
        assertThat(budget.reserve(PageKind.PERSISTENT, 1)).isTrue();
        budget.endWaiting();
        assertThat(budget.isKeptForPersistent()).as("the other waits still").isTrue();
        budget.endWaiting();
        assertThat(budget.isKeptForPersistent()).isFalse();
        assertThat(budget.reserve(PageKind.EPHEMERAL, 1)).isTrue();
    }
}
