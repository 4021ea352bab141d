package io.github.tmem.kit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Pages;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultyBackendTest {

    private static final int LENGTH = 100;

    private final KeyedTestBackend keyed = KeyedTestBackend.local(1 << 20);
    private final FaultyBackend faulty = new FaultyBackend(keyed, 5);
    private final MemorySegment page = MemorySegment.ofArray(Pages.noise(1, LENGTH));
    private final MemorySegment read = MemorySegment.ofArray(new byte[LENGTH]);

    private static long put(Backend backend, long copyId, MemorySegment page) {
        return backend.put(copyId, PageKind.PERSISTENT, 0, page, LENGTH);
    }

    @Test
    void scriptedFaultsHitTheCallTheyName() {
        faulty.next(Fault.PUT_FULL);
        faulty.inCalls(2, Fault.PUT_UNAVAILABLE);
        faulty.inCalls(3, Fault.PUT_ANSWER_LOST);
        assertThat(put(faulty, 1, page)).isEqualTo(Outcome.FULL);
        assertThat(put(faulty, 2, page)).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(put(faulty, 3, page)).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(put(faulty, 4, page)).isEqualTo(4);
        assertThat(keyed.contents()).containsOnlyKeys(3L, 4L);
        assertThat(faulty.injectedTotal()).isEqualTo(3);
    }

    @Test
    void getsGoWrongInEveryWay() {
        put(faulty, 1, page);
        faulty.next(Fault.GET_ALTERED);
        assertThat(faulty.get(1, read, LENGTH)).isEqualTo(LENGTH);
        assertThat(read.mismatch(page)).isNotNegative();
        for (Fault fault : List.of(Fault.GET_GONE, Fault.GET_UNAVAILABLE, Fault.GET_CORRUPT)) {
            faulty.next(fault);
            assertThat(faulty.get(1, read, LENGTH)).isNegative();
        }
        assertThat(faulty.get(1, read, LENGTH)).isEqualTo(LENGTH);
        assertThat(read.mismatch(page)).isEqualTo(-1);
    }

    @Test
    void damageStaysUntilTheCopyIsFlushed() {
        put(faulty, 1, page);
        faulty.next(Fault.GET_DAMAGED);
        for (int i = 0; i < 3; i++) {
            assertThat(faulty.get(1, read, LENGTH)).isEqualTo(LENGTH);
            assertThat(read.mismatch(page)).isNotNegative();
        }
        faulty.flush(1);
        put(faulty, 1, page);
        faulty.get(1, read, LENGTH);
        assertThat(read.mismatch(page)).isEqualTo(-1);
    }

    @Test
    void lostAnswersOfFlushesFlush() {
        put(faulty, 1, page);
        put(faulty, 2, page);
        faulty.next(Fault.FLUSH_ANSWER_LOST);
        assertThat(faulty.flush(1)).isEqualTo(Outcome.UNAVAILABLE);
        faulty.next(Fault.FLUSH_UNAVAILABLE);
        assertThat(faulty.flush(2)).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(keyed.contents()).containsOnlyKeys(2L);
    }

    @Test
    void theSameSeedHitsTheSameCalls() {
        List<List<Long>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            FaultyBackend seeded = new FaultyBackend(KeyedTestBackend.local(1 << 20), 99);
            seeded.rate(Fault.PUT_FULL, 100);
            seeded.rate(Fault.PUT_DECLINED, 100);
            List<Long> results = new ArrayList<>();
            for (long copyId = 1; copyId <= 1000; copyId++) {
                results.add(put(seeded, copyId, page));
            }
            runs.add(results);
            assertThat(seeded.injected(Fault.PUT_FULL)).isBetween(60L, 140L);
            assertThat(seeded.injected(Fault.PUT_DECLINED)).isBetween(60L, 140L);
            seeded.heal();
            assertThat(put(seeded, 1001, page)).isEqualTo(1001);
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1));
    }

    @Test
    void locatedBackendsDoNotLoseAnswers() {
        FaultyBackend located = new FaultyBackend(new LocatedTestBackend(1 << 20), 1);
        assertThatThrownBy(() -> located.next(Fault.PUT_ANSWER_LOST)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBrokenLinkAnswersAsItsStateSays() {
        put(keyed, 1, page);
        Map<Long, byte[]> before = keyed.contents();
        keyed.link(Link.DOWN);
        assertThat(put(keyed, 2, page)).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(keyed.get(1, read, LENGTH)).isEqualTo(Outcome.UNAVAILABLE);
        keyed.link(Link.ANSWERS_LOST);
        assertThat(put(keyed, 3, page)).isEqualTo(Outcome.UNAVAILABLE);
        keyed.link(Link.FLUSHES_LATE);
        assertThat(keyed.flush(1)).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(keyed.contents()).containsOnlyKeys(1L, 3L);
        keyed.deliverLateFlushes();
        assertThat(keyed.contents()).containsOnlyKeys(3L);
        keyed.restart(before);
        assertThat(keyed.contents()).containsOnlyKeys(1L);
        assertThat(keyed.usedBytes()).isEqualTo(LENGTH);
    }

    @Test
    void whatDoesNotFitAnyMoreDoesNotComeBack() {
        put(keyed, 1, page);
        put(keyed, 2, page);
        Map<Long, byte[]> before = keyed.contents();
        keyed.resize(LENGTH);
        keyed.restart(before);
        assertThat(keyed.contents()).hasSize(1);
        assertThat(keyed.usedBytes()).isEqualTo(LENGTH);
    }
}
