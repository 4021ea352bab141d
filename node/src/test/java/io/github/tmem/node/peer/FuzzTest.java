package io.github.tmem.node.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeUser;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random inputs: whatever comes, in whatever pieces, is answered in the protocol, the same each time, and no memory is kept.
 * {@code tmem.seed} repeats a run.
 */
class FuzzTest {
    private static final boolean LONG = Boolean.getBoolean("tmem.stress");
    private static final int INPUTS = LONG ? 10_000_000 : 40_000;
    private static final int AGAIN = 1000;
    private static final long ROOM = 4000;
    private static final Logger LOG = Logger.getLogger("io.github.tmem.node");
    /** Answers that are others each time: identifiers, counts, times. */
    private static final Pattern CHANGING = Pattern.compile("INFO|CLIENT|TMEM|STATS|CONFIG", Pattern.CASE_INSENSITIVE);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final long seed = Long.getLong("tmem.seed", System.nanoTime());

    @BeforeEach
    void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        LOG.setLevel(null);
    }

    @Test
    void whateverComesIsAnsweredTheSameInWhateverPieces() {
        run(NodeConfig.DEFAULT, INPUTS * 3 / 4);
    }

    @Test
    void strangersAreAnsweredToo() {
        NodeUser user = new NodeUser("key", io.github.tmem.api.config.Secret.of(new byte[] {'1'}), null);
        run(new NodeConfig(NodeConfig.DEFAULT.bind(), List.of(user), null, NodeConfig.DEFAULT.limits()), INPUTS / 4);
    }

    private void run(NodeConfig config, int inputs) {
        Inputs random = new Inputs(seed);
        for (int done = 0; done < inputs; done += AGAIN) {
            try (Talk talk = new Talk(config, ROOM, allocator)) {
                for (int i = 0; i < AGAIN; i++) {
                    one(talk, random, "seed " + seed + ", input " + (done + i));
                }
            }
        }
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private static void one(Talk talk, Inputs random, String name) {
        int sound = random.number(3) == 0 ? 1 + random.number(5) : 0;
        byte[] input = sound > 0 ? random.sound(sound) : random.hostile();
        String text = new String(input, ISO_8859_1);
        try {
            talk.blobs.reset(ROOM);
            String whole = answers(talk, input, input.length);
            talk.blobs.reset(ROOM);
            String pieces = answers(talk, input, 1 + random.number(Math.max(1, input.length)));
            if (!CHANGING.matcher(text).find()) {
                assertThat(pieces).isEqualTo(whole);
            }
            int count = Answers.count(whole);
            Answers.count(pieces);
            if (sound > 0 && !whole.contains("-ERR Protocol error")) {
                assertThat(count).isEqualTo(sound);
            }
            assertThat(whole).doesNotContain("-ERR internal error");
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(name + ": " + text.replace("\r", "\\r").replace("\n", "\\n"), e);
        }
    }

    private static String answers(Talk talk, byte[] input, int piece) {
        StringBuilder answers = new StringBuilder();
        try (Talk connection = talk.another()) {
            for (int i = 0; i < input.length; i += piece) {
                answers.append(connection.send(input, i, Math.min(input.length, i + piece)));
            }
        }
        return answers.toString();
    }
}
