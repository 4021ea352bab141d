package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Race;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The part of {@link BackendContract} in which the capacity changes. */
abstract class BackendResizeContract extends BackendRaceContract {

    private static final int WRITERS = 3;
    private static final int RESIZES = 60;

    /** What {@link BackendRaceContract} does between two resizes, at least. */
    private static final int ROUNDS_BETWEEN = 100;

    @Test
    void refusesCapacitiesItCannotHave() {
        Copy copy = put(anyKind(), pageLength());
        long capacity = backend().usage().capacityBytes();
        for (long wrong : new long[] {Long.MIN_VALUE, -1, 0}) {
            assertThatThrownBy(() -> backend().resize(wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("allowed: ");
        }
        if (!resizable()) {
            assertThatThrownBy(() -> backend().resize(capacity / 2))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("cannot be resized; allowed: ");
        }
        assertThat(backend().usage().capacityBytes()).isEqualTo(capacity);
        assertReadable(copy);
    }

    @Test
    void aLargerCapacityTakesMore() {
        if (!resizable()) {
            return;
        }
        int before = fill(anyKind(), pageLength()).size();
        long capacity = resize(2 * capacityBytes());
        assertThat(capacity).isGreaterThan(capacityBytes() * 3 / 2);
        assertThat(fill(anyKind(), pageLength())).hasSizeGreaterThan(before / 2);
        checkUsage();
        stored().forEach(this::assertReadable);
    }

    @Test
    void aSmallerCapacityTakesLess() {
        if (!resizable()) {
            return;
        }
        long capacity = resize(capacityBytes() / 4);
        List<Copy> copies = fill(anyKind(), pageLength());
        assertThat(copies.size() * (long) pageLength()).isBetween(capacity / 2, capacity);
        checkUsage();
    }

    @Test
    void whatIsStoredBeyondTheCapacityStaysAndNothingJoinsIt() {
        if (!resizable()) {
            return;
        }
        Random random = new Random(5);
        for (PageKind kind : kinds()) {
            List<Copy> copies = fill(kind, pageLength());
            long used = backend().usedBytes();
            long capacity = resize(capacityBytes() / 4);
            copies.forEach(this::assertReadable);
            assertThat(backend().usedBytes()).isEqualTo(used);
            Collections.shuffle(copies, random);
            for (Copy copy : copies) {
                used = backend().usedBytes();
                flush(copy);
                PageKind other = kinds().get(random.nextInt(kinds().size()));
                boolean above = backend().usedBytes() > capacity;
                Copy newcomer = tryPut(other, 1 + random.nextInt(pageLength()));
                assertThat(backend().usedBytes()).isLessThanOrEqualTo(Math.max(used, capacity));
                if (newcomer.stored()) {
                    assertThat(keyed() && above).as("stored above the capacity").isFalse();
                    flush(newcomer);
                }
            }
            assertThat(fill(kind, pageLength()).size() * (long) pageLength()).isBetween(capacity / 2, capacity);
            flushAll();
            resize(capacityBytes());
        }
    }

    @Test
    void aFullBackendThatShrinksTakesNothing() {
        if (!resizable()) {
            return;
        }
        fill(anyKind(), pageLength());
        resize(capacityBytes() / 4);
        for (PageKind kind : kinds()) {
            assertThat(tryPut(kind, pageLength()).locator()).isEqualTo(Outcome.FULL);
            assertThat(tryPut(kind, lengthMax()).locator()).isEqualTo(Outcome.FULL);
        }
    }

    @Test
    void aShrinkCanBeCalledOff() {
        if (!resizable()) {
            return;
        }
        List<Copy> copies = fill(anyKind(), pageLength());
        int fits = copies.size();
        resize(capacityBytes() / 4);
        copies.subList(fits / 3, fits / 2).forEach(this::flush);
        resize(capacityBytes());
        checkUsage();
        fill(anyKind(), pageLength());
        assertThat(stored()).hasSize(fits);
    }

    @Test
    void resizesWhileManyThreadsPutGetAndFlush() {
        if (!resizable()) {
            return;
        }
        AtomicBoolean working = new AtomicBoolean(true);
        AtomicInteger rounds = new AtomicInteger();
        new Race()
                .with(WRITERS, writer -> {
                    try {
                        putReadAndFlush(writer, working, rounds);
                    } finally {
                        working.set(false);
                    }
                })
                .with(() -> {
                    try {
                        resizeBackAndForth(working, rounds);
                    } finally {
                        working.set(false);
                    }
                })
                .run();
        resize(2 * capacityBytes());
        stored().forEach(this::assertReadable);
    }

    /** Keeps as many copies as there is room for, reads them back, and flushes some when there is none. */
    private void putReadAndFlush(int writer, AtomicBoolean working, AtomicInteger rounds) {
        Random random = new Random(writer);
        ArrayDeque<Copy> mine = new ArrayDeque<>();
        int longest = (int) Math.min(lengthMax(), capacityBytes() / 64);
        while (working.get()) {
            Copy copy = tryPut(kinds().get(random.nextInt(kinds().size())), 1 + random.nextInt(longest));
            if (copy.stored()) {
                mine.addFirst(copy);
                assertReadable(copy);
            } else {
                assertThat(copy.locator()).isEqualTo(Outcome.FULL);
            }
            for (int i = 0; i < 2 && !copy.stored() && !mine.isEmpty(); i++) {
                Copy oldest = mine.removeLast();
                assertReadable(oldest);
                flush(oldest);
            }
            rounds.incrementAndGet();
        }
    }

    private void resizeBackAndForth(AtomicBoolean working, AtomicInteger rounds) {
        Random random = new Random(9);
        for (int resizes = 0; resizes < RESIZES; resizes++) {
            long capacity = resize(capacityBytes() / 8 + random.nextLong(capacityBytes() * 3 / 2));
            long used = Math.max(capacity, backend().usedBytes());
            for (int enough = rounds.get() + ROUNDS_BETWEEN; rounds.get() < enough && working.get(); ) {
                long now = backend().usedBytes();
                assertThat(now).as("bytes used while above %d", capacity).isLessThanOrEqualTo(used);
                used = Math.max(capacity, now);
            }
        }
    }
}
