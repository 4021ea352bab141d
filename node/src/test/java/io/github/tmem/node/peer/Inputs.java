package io.github.tmem.node.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Random inputs for a server: pipelines of requests that make sense, and the same after some damage. */
final class Inputs {
    private static final List<String> NAMES = List.of(
            "SET",
            "GET",
            "GETDEL",
            "DEL",
            "UNLINK",
            "MGET",
            "MSET",
            "EXISTS",
            "STRLEN",
            "TYPE",
            "TTL",
            "PTTL",
            "PEXPIRE",
            "DBSIZE",
            "SCAN",
            "FLUSHDB",
            "PING",
            "ECHO",
            "SELECT",
            "HELLO",
            "AUTH",
            "RESET",
            "QUIT",
            "CLIENT",
            "CONFIG",
            "COMMAND",
            "INFO",
            "TMEM.OPEN",
            "TMEM.PUT",
            "TMEM.GET",
            "TMEM.FLUSH",
            "TMEM.FLUSHOBJECT",
            "TMEM.STATS",
            "TMEM.SESSION",
            "NOTHING");
    private static final List<String> WORDS = List.of(
            "",
            "0",
            "1",
            "-1",
            "2",
            "3",
            "EX",
            "PX",
            "NX",
            "MATCH",
            "COUNT",
            "GET",
            "SETNAME",
            "AUTH",
            "LIST",
            "ID",
            "SETINFO",
            "LIB-NAME",
            "a*",
            "*[a-",
            "key",
            "images",
            "KIND",
            "EPHEMERAL",
            "PAGE",
            "512",
            "BEGIN",
            "KEEP",
            "1000",
            "9223372036854775807",
            "18446744073709551616",
            "\0\r\n$5\r\n");
    private static final List<String> POISON = List.of(
            "*",
            "$",
            "\r\n",
            "\n",
            "\r",
            "*1\r\n",
            "$-1\r\n",
            "$0\r\n\r\n",
            "*0\r\n",
            "*-1\r\n",
            "*2147483647\r\n",
            "$2147483647\r\n",
            "$999999999\r\n",
            "*4294967297\r\n",
            "$0000003\r\n",
            "\0",
            "\u00ff",
            "\"",
            "+OK\r\n",
            ":1\r\n");

    private final SplittableRandom random;

    Inputs(long seed) {
        random = new SplittableRandom(seed);
    }

    /** A number from 0 to {@code bound}, the latter excluded. */
    int number(int bound) {
        return random.nextInt(bound);
    }

    /** A pipeline of this many whole requests, each of which gets one answer. */
    byte[] sound(int requests) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < requests; i++) {
            text.append(request());
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private String request() {
        String name = any(NAMES);
        if (name.equals("QUIT")) {
            name = "get";
        }
        String[] arguments = new String[1 + number(number(8) == 0 ? 12 : 5)];
        arguments[0] = name;
        for (int i = 1; i < arguments.length; i++) {
            arguments[i] = argument();
        }
        return Talk.request(arguments);
    }

    private String argument() {
        return switch (number(6)) {
            case 0, 1, 2 -> any(WORDS);
            case 3 -> "k" + number(10);
            case 4 -> "x".repeat(number(50));
            default -> "v".repeat(number(3) == 0 ? 512 : number(300));
        };
    }

    private <T> T any(List<T> choices) {
        return choices.get(number(choices.size()));
    }

    /** Anything. */
    byte[] hostile() {
        byte[] input = sound(1 + number(4));
        int damages = number(4);
        for (int i = 0; i < damages; i++) {
            input = damaged(input);
        }
        return input;
    }

    private byte[] damaged(byte[] input) {
        int at = number(input.length + 1);
        int length = number(Math.min(16, input.length - at) + 1);
        return switch (number(7)) {
            case 0 -> joined(input, 0, at, any(POISON).getBytes(ISO_8859_1), at);
            case 1 -> joined(input, 0, at, any(POISON).getBytes(ISO_8859_1), at + length);
            case 2 -> joined(input, 0, at, new byte[0], at + length);
            case 3 -> joined(input, 0, at, Arrays.copyOfRange(input, at, at + length), at);
            case 4 -> Arrays.copyOf(input, at);
            case 5 ->
                joined(input, 0, at, Integer.toString(number(1 << number(31))).getBytes(ISO_8859_1), at + length);
            default -> flipped(input, at);
        };
    }

    private byte[] flipped(byte[] input, int at) {
        byte[] flipped = input.clone();
        if (at < flipped.length) {
            flipped[at] ^= (byte) (1 << number(8));
        }
        return flipped;
    }

    private static byte[] joined(byte[] input, int from, int to, byte[] middle, int rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(input, from, to - from);
        out.writeBytes(middle);
        out.write(input, rest, input.length - rest);
        return out.toByteArray();
    }
}
