package io.github.tmem.memory.slot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.tmem.api.machine.MachineCode;
import io.github.tmem.api.machine.NativeCalls;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes past the caches, by non-temporal stores ("streaming", <i>Intel 64 and IA-32 Architectures Software Developer's Manual</i>,
 * volume 1, 10.4.6.2). A slot that is reused was not looked at since its last copy was read, so its lines come from memory only to
 * be overwritten, and push out others; these stores send whole lines and fetch none. Java has no word for them.
 *
 * <p>Order: other processors may see non-temporal stores later than what the thread writes next, so a fence follows. They may
 * see them earlier than what it wrote before, back to its last locked instruction, which is that of the lock under which the
 * slot was taken.
 *
 * <p>Native memory is written by its address, without a look at whether it is being closed: nobody closes a backend under a put.
 * The same goes for a copy that lies in a file which was cut shorter: Java would end.
 */
public final class StreamingWriter implements SlotWriter {
    /**
     * rdi: the memory, or the array that it is; rsi: where the slot begins in it; rdx: the copy; rcx: its bytes, to whole words of 4, and
     * above them those of the slot, or 0 if the copy fills it; r8: owner; r9: the word behind these of the copy, and above it the last
     * of the slot.
     */
    private static final String LISTING = """
            f3 0f 1e fa    |          endbr64
            48 01 f7       |          add     rdi, rsi
            48 89 d6       |          mov     rsi, rdx
            89 ca          |          mov     edx, ecx
            48 c1 e9 20    |          shr     rcx, 32
            4c 8d 54 0f fc |          lea     r10, [rdi + rcx - 4]
            44 0f c3 47 fc |          movnti  [rdi - 4], r8d
            eb 10          |          jmp     aligned
            8b 06          | word:    mov     eax, [rsi]
            0f c3 07       |          movnti  [rdi], eax
            48 83 c6 04    |          add     rsi, 4
            48 83 c7 04    |          add     rdi, 4
            83 ea 04       |          sub     edx, 4
            40 f6 c7 0f    | aligned: test    dil, 15
            74 04          |          je      lines
            85 d2          |          test    edx, edx
            75 e6          |          jne     word
            83 ea 40       | lines:   sub     edx, 64
            72 33          |          jb      rest
            f3 0f 6f 06    | line:    movdqu  xmm0, [rsi]
            f3 0f 6f 4e 10 |          movdqu  xmm1, [rsi + 16]
            f3 0f 6f 56 20 |          movdqu  xmm2, [rsi + 32]
            f3 0f 6f 5e 30 |          movdqu  xmm3, [rsi + 48]
            66 0f e7 07    |          movntdq [rdi], xmm0
            66 0f e7 4f 10 |          movntdq [rdi + 16], xmm1
            66 0f e7 57 20 |          movntdq [rdi + 32], xmm2
            66 0f e7 5f 30 |          movntdq [rdi + 48], xmm3
            48 83 c6 40    |          add     rsi, 64
            48 83 c7 40    |          add     rdi, 64
            83 ea 40       |          sub     edx, 64
            73 cd          |          jae     line
            83 c2 40       | rest:    add     edx, 64
            eb 10          |          jmp     more
            8b 06          | last:    mov     eax, [rsi]
            0f c3 07       |          movnti  [rdi], eax
            48 83 c6 04    |          add     rsi, 4
            48 83 c7 04    |          add     rdi, 4
            83 ea 04       |          sub     edx, 4
            75 ee          | more:    jne     last
            85 c9          |          test    ecx, ecx
            74 0c          |          je      done
            44 0f c3 0f    |          movnti  [rdi], r9d
            49 c1 e9 20    |          shr     r9, 32
            45 0f c3 0a    |          movnti  [r10], r9d
            0f ae f8       | done:    sfence
            c3             |          ret
            """;

    private static final int WORD_BYTES = 4;

    /** Loaded once, when a tier is opened. */
    private static final class Machine {
        static final Optional<MachineCode> CODE = MachineCode.of(LISTING);
    }

    /** The ways to call it: a caller that is compiled knows them, and they become a jump. */
    private static final class Calls {
        static final MethodHandle ON_HEAP = call(ADDRESS);
        static final MethodHandle OFF_HEAP = call(JAVA_LONG);

        private static MethodHandle call(MemoryLayout memory) {
            return Machine.CODE
                    .orElseThrow()
                    .function(FunctionDescriptor.ofVoid(memory, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_LONG));
        }
    }

    private StreamingWriter() {
        Objects.requireNonNull(Calls.OFF_HEAP); // made when a tier is opened, not by its first put
    }

    /**
     * The way to write past the caches of this machine. Nothing unless it is Linux on x86, and whoever started Java allows this module
     * native access. Prints no warning.
     */
    public static Optional<SlotWriter> ofThisMachine() {
        return Machine.CODE.map(code -> new StreamingWriter());
    }

    @Override
    public void write(MemorySegment memory, long offset, int slotBytes, int owner, MemorySegment encoded, int length) {
        Objects.checkFromIndexSize(offset - WORD_BYTES, WORD_BYTES + (long) slotBytes, memory.byteSize());
        Objects.checkIndex(length, slotBytes + 1);
        assert slotBytes % WORD_BYTES == 0 : slotBytes;
        boolean written = false;
        try {
            Objects.checkFromIndexSize(0L, length, encoded.byteSize());
            int unused = slotBytes - length;
            int words = length & -WORD_BYTES;
            int behind = unused == 0 ? 0 : wordAt(encoded, words, length);
            int last = unused == 0 ? 0 : Padding.word(unused) | (words + WORD_BYTES == slotBytes ? behind : 0);
            call(memory, offset, encoded, both(words, unused == 0 ? 0 : slotBytes), owner, both(behind, last));
            written = true;
        } finally {
            if (!written) {
                CachedWriter.writeEnds(memory, offset, slotBytes, owner, length);
            }
        }
    }

    /** The last bytes of a copy, fewer than a word, as they come to lie in one. */
    private static int wordAt(MemorySegment encoded, int from, int length) {
        int word = 0;
        for (int i = length - 1; i >= from; i--) {
            word = word << Byte.SIZE | Byte.toUnsignedInt(encoded.get(JAVA_BYTE, i));
        }
        return word;
    }

    private static long both(int low, int high) {
        return (long) high << Integer.SIZE | Integer.toUnsignedLong(low);
    }

    private static void call(
            MemorySegment memory, long offset, MemorySegment encoded, long bytes, int owner, long ends) {
        try {
            if (memory.isNative()) {
                Calls.OFF_HEAP.invokeExact(memory.address(), offset, encoded, bytes, owner, ends);
            } else {
                Calls.ON_HEAP.invokeExact(memory, offset, encoded, bytes, owner, ends);
            }
        } catch (Throwable e) {
            throw NativeCalls.unexpected(e);
        }
    }
}
