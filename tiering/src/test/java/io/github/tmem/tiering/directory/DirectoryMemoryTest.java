package io.github.tmem.tiering.directory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.machine.HugePages;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DirectoryMemoryTest {
    private static final long PIECE = 104_449;
    private static final int PIECES = 700;

    static Stream<Named<@Nullable HugePages>> pages() {
        Stream<Named<@Nullable HugePages>> small = Stream.of(Named.of("small pages", null));
        return Stream.concat(small, HugePages.ofThisMachine().stream().map(pages -> Named.of("huge pages", pages)));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void piecesAreZeroAndDoNotOverlapHoweverManyThereAre(@Nullable HugePages pages) {
        List<MemorySegment> pieces = new ArrayList<>();
        try (DirectoryMemory memory = new DirectoryMemory(pages)) {
            for (int i = 0; i < PIECES; i++) {
                MemorySegment piece = memory.allocate(PIECE - i % 3, 1 << i % 7);
                assertThat(piece.byteSize()).isEqualTo(PIECE - i % 3);
                assertThat(piece.address() % (1 << i % 7)).isZero();
                assertThat(piece.mismatch(MemorySegment.ofArray(new byte[(int) piece.byteSize()])))
                        .isEqualTo(-1);
                piece.fill((byte) (i % 100 + 1));
                pieces.add(piece);
            }
            for (int i = 0; i < PIECES; i++) {
                byte[] expected = new byte[(int) pieces.get(i).byteSize()];
                Arrays.fill(expected, (byte) (i % 100 + 1));
                assertThat(pieces.get(i).toArray(JAVA_BYTE)).isEqualTo(expected);
            }
        }
        for (MemorySegment piece : List.of(pieces.getFirst(), pieces.getLast())) {
            assertThatThrownBy(() -> piece.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Where there are huge pages, a large directory's entries follow one another in spans of their own. */
    @ParameterizedTest
    @MethodSource("pages")
    void onlyWhatALargeDirectoryTakesLaterHasHugePages(@Nullable HugePages pages) {
        try (DirectoryMemory memory = new DirectoryMemory(pages)) {
            long adjacent = 0;
            long end = 0;
            for (int i = 0; i < PIECES; i++) {
                MemorySegment piece = memory.allocate(PIECE, 1);
                adjacent += piece.address() == end ? 1 : 0;
                end = piece.address() + PIECE;
            }
            long small = 16L << 20;
            long expected = pages == null ? 0 : PIECES - Math.ceilDiv(small, PIECE) - 2;
            assertThat(adjacent).isEqualTo(expected);
        }
    }
}
