package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Race;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

/** The part of {@link BackendContract} with several threads and with the asynchronous forms. */
abstract class BackendRaceContract extends BackendFixture {

    private static final int WRITERS = 3;
    private static final int ROUNDS = 4_000;
    private static final byte GUARD = 0x5a;

    @Test
    void neverUsesMoreThanItsCapacityWhileManyThreadsPut() {
        AtomicInteger working = new AtomicInteger(WRITERS);
        new Race()
                .with(WRITERS, writer -> {
                    try {
                        putAndFlushAtTheBrink(writer);
                    } finally {
                        working.decrementAndGet();
                    }
                })
                .with(() -> {
                    while (working.get() > 0) {
                        checkUsage();
                    }
                })
                .run();
        stored().forEach(this::assertReadable);
    }

    /** Puts copies of lengths that fill the backend within few rounds, flushing the oldest only when it is full. */
    private void putAndFlushAtTheBrink(int writer) {
        Random random = new Random(writer);
        ArrayDeque<Copy> mine = new ArrayDeque<>();
        int longest = (int) Math.min(lengthMax(), capacityBytes() / 64);
        for (int round = 0; round < ROUNDS / 2; round++) {
            PageKind kind = kinds().get(random.nextInt(kinds().size()));
            Copy copy = tryPut(kind, 1 + random.nextInt(longest));
            if (copy.stored()) {
                mine.add(copy);
            } else {
                assertThat(copy.locator()).isEqualTo(Outcome.FULL);
                for (int i = 0; i < 3 && !mine.isEmpty(); i++) {
                    Copy oldest = mine.remove();
                    assertReadable(oldest);
                    flush(oldest);
                }
            }
        }
    }

    @Test
    void readsThatRaceFlushAndReuseDoNoHarm() {
        List<Copy> bystanders = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            bystanders.add(put(anyKind(), pageLength()));
        }
        AtomicReferenceArray<Copy> targets = new AtomicReferenceArray<>(16);
        for (int i = 0; i < targets.length(); i++) {
            targets.set(i, put(anyKind(), pageLength()));
        }
        AtomicInteger working = new AtomicInteger(2);
        new Race()
                .with(2, writer -> {
                    try {
                        replaceTargets(targets, writer);
                    } finally {
                        working.decrementAndGet();
                    }
                })
                .with(2, reader -> {
                    while (working.get() > 0) {
                        readTargets(targets);
                    }
                })
                .run();
        bystanders.forEach(this::assertReadable);
    }

    /** Flushes and replaces the copies that readers look at. Each writer has half of the places. */
    private void replaceTargets(AtomicReferenceArray<Copy> targets, int writer) {
        Random random = new Random(writer);
        for (int round = 0; round < ROUNDS; round++) {
            int place = random.nextInt(targets.length() / 2) * 2 + writer;
            flush(targets.get(place));
            int length = random.nextBoolean() ? pageLength() : 1 + random.nextInt(pageLength());
            targets.set(place, put(anyKind(), length));
        }
    }

    /** Reads copies that may just be flushed; whatever comes back, nothing behind the length may be written. */
    private void readTargets(AtomicReferenceArray<Copy> targets) {
        for (int place = 0; place < targets.length(); place++) {
            Copy copy = targets.get(place);
            MemorySegment destination = MemorySegment.ofArray(new byte[copy.length() + 8]);
            destination.asSlice(copy.length()).fill(GUARD);
            int result = backend().get(copy.locator(), destination, copy.length());
            assertThat(result).isIn(copy.length(), Outcome.GONE, Outcome.CORRUPT, Outcome.UNAVAILABLE);
            for (int i = 0; i < 8; i++) {
                assertThat(destination.get(ValueLayout.JAVA_BYTE, copy.length() + i))
                        .isEqualTo(GUARD);
            }
        }
    }

    @Test
    void asynchronousFormsCompleteOnceWithTheSameResults() throws InterruptedException {
        int count = (int) Math.min(200, capacityBytes() / 4 / pageLength());
        List<Answer> all = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            List<Copy> copies = putAllAsync(arena, count, all);
            List<MemorySegment> destinations = new ArrayList<>();
            List<Answer> gets = new ArrayList<>();
            for (Copy copy : copies) {
                assertReadable(copy);
                MemorySegment destination = arena.allocate(copy.length());
                destinations.add(destination);
                gets.add(getAsync(copy, destination));
            }
            for (int i = 0; i < count; i++) {
                assertThat(gets.get(i).await()).isEqualTo(copies.get(i).length());
                assertThat(destinations.get(i).toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(copies.get(i).bytes());
            }
            all.addAll(gets);
        }
        flushAll();
        assertThat(all).allMatch(answer -> answer.completions() == 1, "completed once");
    }

    private List<Copy> putAllAsync(Arena arena, int count, List<Answer> answers) throws InterruptedException {
        List<Copy> planned = new ArrayList<>();
        List<MemorySegment> sources = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Copy copy = plan(kinds().get(i % kinds().size()), Math.max(1, pageLength() - i));
            planned.add(copy);
            sources.add(arena.allocate(copy.length()).copyFrom(MemorySegment.ofArray(copy.bytes())));
            answers.add(putAsync(copy, sources.getLast()));
        }
        List<Copy> copies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            copies.add(enter(planned.get(i), answers.get(i).await()));
            sources.get(i).fill(GUARD);
        }
        assertThat(copies).allMatch(Copy::stored);
        return copies;
    }

    @Test
    void asynchronousPutsAnswerFullAndDeclined() throws InterruptedException {
        List<Copy> filling = fill(anyKind(), pageLength());
        if (!keyed()) {
            Copy planned = plan(anyKind(), pageLength());
            MemorySegment source = MemorySegment.ofArray(planned.bytes());
            assertThat(putAsync(planned, source).await()).isEqualTo(Outcome.FULL);
            charge(-pageLength());
        }
        filling.forEach(this::flush);
        for (PageKind kind : PageKind.values()) {
            Copy planned = plan(kind, pageLength());
            if (!kinds().contains(kind)) {
                assertThat(putAsync(planned, MemorySegment.ofArray(planned.bytes()))
                                .await())
                        .isEqualTo(Outcome.DECLINED);
                charge(-pageLength());
            }
        }
    }

    @Test
    void asynchronousGetOfAFlushedKeyedCopyAnswersGone() throws InterruptedException {
        Copy copy = put(anyKind(), pageLength());
        flush(copy);
        if (keyed()) {
            MemorySegment destination = MemorySegment.ofArray(new byte[pageLength()]);
            assertThat(getAsync(copy, destination).await()).isEqualTo(Outcome.GONE);
        }
    }

    private Answer putAsync(Copy copy, MemorySegment source) {
        Answer answer = new Answer();
        charge(copy.length());
        backend().putAsync(copy.copyId(), copy.kind(), copy.owner(), source, copy.length(), answer);
        return answer;
    }

    private Answer getAsync(Copy copy, MemorySegment destination) {
        Answer answer = new Answer();
        backend().getAsync(copy.locator(), destination, copy.length(), answer);
        return answer;
    }
}
