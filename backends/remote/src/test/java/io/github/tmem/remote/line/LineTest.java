package io.github.tmem.remote.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.RedisCommandExecutionException;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over a line, against a server that has answered before it was asked. */
@Timeout(60)
class LineTest {
    private static final byte[] KEY = text("key");
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private Socket near;
    private Socket far;
    private Line line;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            near = new Socket(door.getInetAddress(), door.getLocalPort());
            far = door.accept();
        }
        line = new Line(near, PATIENCE);
    }

    @AfterEach
    void disconnect() throws IOException {
        line.close();
        far.close();
    }

    private void answer(String bytes) throws IOException {
        far.getOutputStream().write(text(bytes));
    }

    private void assertAsked(String request) throws IOException {
        assertThat(new String(far.getInputStream().readNBytes(request.length()), StandardCharsets.ISO_8859_1))
                .isEqualTo(request);
        assertThat(far.getInputStream().available()).isZero();
    }

    @Test
    void valuesAreStored() throws IOException {
        answer("+OK\r\n");
        assertThat(line.set(KEY, text("a\r\n\0b"), 0)).isEqualTo("OK");
        assertAsked("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\na\r\n\0b\r\n");
        answer("+OK\r\n");
        assertThat(line.set(KEY, text(""), 1234)).isEqualTo("OK");
        assertAsked("*5\r\n$3\r\nSET\r\n$3\r\nkey\r\n$0\r\n\r\n$2\r\nPX\r\n$4\r\n1234\r\n");
    }

    @Test
    void theLongestValueIsSentBeforeAnybodyReads() throws IOException {
        near.setSendBufferSize(Line.SEND_BUFFER);
        answer("+OK\r\n");
        assertThat(line.set(KEY, new byte[Line.SENT_MAX], 0)).isEqualTo("OK");
    }

    @Test
    void valuesAreFetched() throws IOException {
        String long16 = "0123456789abcdef".repeat(4096);
        answer("$5\r\na\r\n\0b\r\n$-1\r\n".substring(0, 11));
        assertThat(line.get(KEY, 5)).isEqualTo(text("a\r\n\0b"));
        assertAsked("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n");
        answer("$-1\r\n");
        assertThat(line.get(KEY, 5)).isNull();
        answer("$" + long16.length() + "\r\n" + long16 + "\r\n");
        assertThat(line.get(KEY, long16.length())).isEqualTo(text(long16));
        answer("$0\r\n\r\n");
        assertThat(line.get(KEY, 0)).isEmpty();
    }

    @Test
    void valuesAreDeleted() throws IOException {
        answer(":1\r\n");
        assertThat(line.unlink(KEY)).isEqualTo(1);
        assertAsked("*2\r\n$6\r\nUNLINK\r\n$3\r\nkey\r\n");
    }

    @Test
    void anErrorIsAnAnswer() throws IOException {
        answer("-OOM no memory\r\n");
        assertThatExceptionOfType(RedisCommandExecutionException.class)
                .isThrownBy(() -> line.set(KEY, KEY, 0))
                .withMessage("OOM no memory");
        answer("+PONG\r\n");
        assertThat(line.ping()).isEqualTo("PONG");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$2000000000\r\n",
                "$9223372036854775807\r\n",
                "$9\r\n123456789\r\n",
                "$-2\r\n",
                "$\r\n",
                "$1x\r\n",
                "$3\r\nabcd\r\n",
                "$3\r\nabc\n\r",
                ":1\r\n",
                "+OK\r\n",
                "*1\r\n$1\r\na\r\n",
                "$3\rabc",
                "\r\n\r\n",
                "HTTP/1.1 400 Bad Request\r\n"
            })
    void whatIsNoAnswerBreaksTheLine(String bytes) throws IOException {
        answer(bytes);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> line.get(KEY, 8));
    }

    @Test
    void aLineWithoutEndIsNotKept() throws IOException {
        answer("+" + "x".repeat(100_000));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> line.ping())
                .withMessageContaining("a line of more than");
    }

    @Test
    void anAnswerThatNobodyAskedForBreaksTheLine() throws IOException {
        answer("+PONG\r\n+PONG\r\n");
        line.ping();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> line.ping())
                .withMessageContaining("nobody asked for");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$3", "$3\r\nab", "$3\r\nabc"})
    void anEndBeforeTheAnswersEndBreaksTheLine(String bytes) throws IOException {
        answer(bytes);
        far.shutdownOutput();
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> line.get(KEY, 8));
    }

    @Test
    void aServerThatDoesNotAnswerHasItsTime() throws IOException {
        Line hasty = new Line(near, TimeUnit.MILLISECONDS.toNanos(5));
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> hasty.get(KEY, 8));
    }

    /** Each byte comes in time, but not all of them. */
    @Test
    void aServerThatAnswersSlowlyHasNoMoreTime() throws IOException {
        answer("+PONG\r\n");
        Line hasty = new Line(near, 0);
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> hasty.ping())
                .withMessageContaining("no whole answer in time");
    }
}
