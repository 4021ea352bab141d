package io.github.tmem.kit.codec;

import io.github.tmem.kit.Gate;
import java.io.Serial;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What all codecs named {@code test-gated} do while this script is open: they stop at the points {@code encode}, {@code
 * encode-done}, {@code decode} and {@code decode-done} of {@link #gate()}, and meet the faults a test queues. Codecs carry
 * no settings, so there is one script at a time. Thread-safe.
 */
public final class CodecScript implements AutoCloseable {

    /** Holds the open script between {@link #start} and {@link #close}. */
    private static final AtomicReference<@Nullable CodecScript> OPEN = new AtomicReference<>();

    private final Gate gate = new Gate();
    private final Queue<CodecFault> encodeFaults = new ConcurrentLinkedQueue<>();
    private final Queue<CodecFault> decodeFaults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger codecsOpened = new AtomicInteger();
    private final AtomicInteger codecsClosed = new AtomicInteger();

    private CodecScript() {}

    /** What a codec throws when the script says so. */
    public static final class Fault extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        Fault(CodecFault fault) {
            super("scripted: " + fault);
        }
    }

    /**
     * Starts a script without faults.
     *
     * @throws IllegalStateException if another is open
     */
    public static CodecScript start() {
        CodecScript script = new CodecScript();
        if (!OPEN.compareAndSet(null, script)) {
            throw new IllegalStateException("another codec script is open");
        }
        return script;
    }

    /** Where encode and decode can be stopped. */
    public Gate gate() {
        return gate;
    }

    /** The next call that {@code fault} can hit, after those queued before it, meets it. */
    public void next(CodecFault fault) {
        switch (fault) {
            case ENCODE_THROWS, ENCODE_TOO_LONG -> encodeFaults.add(fault);
            case DECODE_THROWS, DECODE_MALFORMED -> decodeFaults.add(fault);
        }
    }

    /** How many codecs have been opened since the script started. */
    public int codecsOpened() {
        return codecsOpened.get();
    }

    /** How many codecs have been closed since the script started, also of those opened before. */
    public int codecsClosed() {
        return codecsClosed.get();
    }

    void countOpened() {
        codecsOpened.incrementAndGet();
    }

    void countClosed() {
        codecsClosed.incrementAndGet();
    }

    /** Ends the script: its gate opens, and codecs work normally again. */
    @Override
    public void close() {
        OPEN.compareAndSet(this, null);
        gate.close();
    }

    static @Nullable CodecScript open() {
        return OPEN.get();
    }

    @Nullable
    CodecFault encodeFault() {
        return encodeFaults.poll();
    }

    @Nullable
    CodecFault decodeFault() {
        return decodeFaults.poll();
    }
}
