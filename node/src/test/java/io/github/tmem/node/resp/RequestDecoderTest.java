package io.github.tmem.node.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests come out as they went in, whatever the pieces; what is none is refused before anything is allocated for it. */
class RequestDecoderTest {
    private static final int LENGTH_MAX = 1000;
    private static final Admission LIMITS = new Admission() {
        @Override
        public int countMax() {
            return 100;
        }

        @Override
        public int lengthMax(Request request, int argument) {
            return argument > 0 && request.is(0, "SET") ? LENGTH_MAX : 20;
        }

        @Override
        public int sizeMax() {
            return 1500;
        }

        @Override
        public int lineMax() {
            return 64;
        }
    };

    private static List<List<String>> decode(String... pieces) throws ProtocolException {
        RequestDecoder decoder = new RequestDecoder(LIMITS);
        List<List<String>> requests = new ArrayList<>();
        ByteBuf rest = Unpooled.buffer(0);
        for (String piece : pieces) {
            // Each time another buffer, and the bytes elsewhere in it, as a connection may do.
            ByteBuf buffer = Unpooled.buffer()
                    .writeZero(pieces.length)
                    .writeBytes(rest)
                    .writeBytes(piece.getBytes(ISO_8859_1))
                    .readerIndex(pieces.length);
            while (decoder.next(buffer)) {
                Request request = decoder.request();
                List<String> arguments = new ArrayList<>();
                for (int i = 0; i < request.count(); i++) {
                    arguments.add(new String(request.bytes(i), ISO_8859_1));
                }
                requests.add(arguments);
            }
            rest = buffer;
        }
        return requests;
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    @Test
    void aPipelineIsTheSameInWhicheverTwoPiecesItComes() throws ProtocolException {
        String binary = "\0\r\n$5\r\n*3\u00ff";
        String pipeline = "*3\r\n" + bulk("SET") + bulk("key") + bulk(binary) + "PING\r\n*0\r\n\r\n*2\r\n" + bulk("GET")
                + bulk("") + "  echo\thello  world \n*1\r\n" + bulk("x".repeat(20));
        List<List<String>> expected = List.of(
                List.of("SET", "key", binary),
                List.of("PING"),
                List.of(),
                List.of(),
                List.of("GET", ""),
                List.of("echo", "hello", "world"),
                List.of("x".repeat(20)));
        assertThat(decode(pipeline)).isEqualTo(expected);
        for (int i = 0; i <= pipeline.length(); i++) {
            assertThat(decode(pipeline.substring(0, i), pipeline.substring(i)))
                    .as("split at %d", i)
                    .isEqualTo(expected);
        }
        assertThat(decode(pipeline.split("(?s)(?<=.)"))).as("byte by byte").isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*-1\r\n",
                "*101\r\n",
                "*2147483648\r\n",
                "*99999999999999999999\r\n",
                "*\r\n",
                "*x\r\n",
                "*+1\r\n",
                "*01\r\n",
                "*00\r\n",
                "* 1\r\n",
                "*1 \r\n",
                "*1\rx",
                "*1\n",
                "*1\r\n*1\r\n",
                "*1\r\n:1\r\n",
                "*1\r\n\r\n",
                "*1\r\n$-1\r\n",
                "*1\r\n$21\r\n",
                "*1\r\n$4294967297\r\n",
                "*1\r\n$1x\r\n",
                "*1\r\n$03\r\n",
                "*1\r\n$\r\n",
                "*1\r\n$1\rx",
                "*1\r\n$2\r\nabc\r\n",
                "*1\r\n$2\r\nab\n\r",
                "*2\r\n$3\r\nSET\r\n$1001\r\n",
                "*2\r\n$3\r\nGET\r\n$1000\r\n",
                "GET \"a b\"\r\n",
                "GET 'a'\n",
                "\u0016\u0003\u0001",
                "PING\u0000",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"
            })
    void whatIsNoRequestIsRefusedAtOnceInOnePieceAndByteByByte(String bytes) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(bytes))
                .withMessageStartingWith("Protocol error: ");
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(bytes.split("(?s)(?<=.)")));
    }

    @Test
    void aWholeRequestHasALimitToo() throws ProtocolException {
        String head = "*3\r\n" + bulk("SET") + bulk("x".repeat(1000));
        assertThat(decode(head + bulk("y".repeat(497)))).hasSize(1);
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(head + "$498\r\n"));
    }

    /** A refused length is refused when it is read; a length that is admitted waits for its bytes without room for them. */
    @Test
    void announcementsCostNothing() throws ProtocolException {
        RequestDecoder decoder = new RequestDecoder(new Admission() {
            @Override
            public int countMax() {
                return 999_999_999;
            }

            @Override
            public int lengthMax(Request request, int argument) {
                return Integer.MAX_VALUE;
            }

            @Override
            public int sizeMax() {
                return Integer.MAX_VALUE;
            }

            @Override
            public int lineMax() {
                return 64;
            }
        });
        ByteBuf buffer = Unpooled.wrappedBuffer("*999999999\r\n$999999999\r\nabc".getBytes(ISO_8859_1));
        long before = allocated();
        assertThat(decoder.next(buffer)).isFalse();
        assertThat(decoder.request().count()).isZero();
        assertThat(allocated() - before).isLessThan(1 << 20);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "1.5", " 1", "+1", "0x1", "9223372036854775808", "99999999999999999999", "1 "})
    void onlyWholeNumbersAreNumbers(String text) throws ProtocolException {
        RequestDecoder decoder = new RequestDecoder(LIMITS);
        assertThat(decoder.next(Unpooled.wrappedBuffer(("*1\r\n" + bulk(text)).getBytes(ISO_8859_1))))
                .isTrue();
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> decoder.request().number(0));
    }

    @Test
    void wholeNumbersAreRead() throws ProtocolException {
        for (long number : new long[] {0, 7, -7, 1234567890123L, Long.MAX_VALUE, -Long.MAX_VALUE}) {
            RequestDecoder decoder = new RequestDecoder(LIMITS);
            assertThat(decoder.next(
                            Unpooled.wrappedBuffer(("*1\r\n" + bulk(Long.toString(number))).getBytes(ISO_8859_1))))
                    .isTrue();
            assertThat(decoder.request().number(0)).isEqualTo(number);
        }
    }
}
