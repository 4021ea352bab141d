package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.codec.CodecScript;
import io.github.tmem.tiering.codec.Codecs;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which scratch is lent, and that none is lost with the memory of its codecs. */
class ScratchPoolTest {
    private static final int PAGE = 4096;

    private final CodecScript script = CodecScript.start();
    private final Codecs codecs = new Codecs(List.of("test-gated"));
    private final ScratchPool pool = new ScratchPool(codecs);

    private int codecsInUse() {
        return script.codecsOpened() - script.codecsClosed();
    }

    @AfterEach
    void everyCodecIsClosedInTheEnd() {
        try (script) {
            pool.close();
            assertThat(codecsInUse()).isZero();
        }
    }

    @Test
    void oneThatCameBackIsLentAgain() {
        Scratch first = pool.acquire(PAGE);
        pool.release(first);
        Scratch second = pool.acquire(PAGE);
        assertThat(second).isSameAs(first);
        pool.release(second);
    }

    @Test
    void oneThatIsLentIsLentToNobodyElse() {
        Scratch first = pool.acquire(PAGE);
        Scratch second = pool.acquire(PAGE);
        assertThat(second).isNotSameAs(first);
        pool.release(second);
        pool.release(first);
        assertThat(codecsInUse()).isEqualTo(2);
    }

    @Test
    void oneFromBeforeACodecCameIsClosed() {
        pool.release(pool.acquire(PAGE));
        codecs.add("test-runs");
        Scratch second = pool.acquire(PAGE);
        assertThat(second.knows(codecs)).isTrue();
        assertThat(codecsInUse()).isEqualTo(1);
        pool.release(second);
    }

    /** A thread has four places; those that find none are closed at once. */
    @Test
    void noMoreAreKeptThanThereArePlacesFor() {
        List<Scratch> lent = Stream.generate(() -> pool.acquire(PAGE)).limit(6).toList();
        lent.forEach(pool::release);
        assertThat(codecsInUse()).isEqualTo(4);
    }

    @Test
    void oneThatComesBackAfterTheEndIsClosed() {
        Scratch late = pool.acquire(PAGE);
        pool.close();
        assertThat(codecsInUse()).isEqualTo(1);
        pool.release(late);
        assertThat(codecsInUse()).isZero();
    }
}
