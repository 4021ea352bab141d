package io.github.tmem.bench.remote;

import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.kit.process.Resp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * One command of redis-benchmark against a server, over its usual 50 connections. The time is what it says itself; its own
 * start is not in it.
 */
public final class RedisBenchmark implements Contestant {
    /** The key of all requests, unless redis-benchmark is told to choose. */
    private static final String KEY = "key:__rand_int__";

    private final String name;
    private final LocalServer server;
    private final Request request;

    /** A command that redis-benchmark knows. */
    public enum Command {
        /** Stores the value. */
        SET,
        /** Fetches it. */
        GET
    }

    /**
     * What is asked.
     *
     * @param pipeline how many requests a connection sends before it waits
     * @param length the bytes of the value
     */
    public record Request(Command command, int pipeline, int length) {
        @Override
        public String toString() {
            return command + " of " + length + " B, pipeline " + pipeline;
        }
    }

    /** Requests to a server that goes by {@code name}. */
    public RedisBenchmark(String name, LocalServer server, Request request) {
        this.name = name;
        this.server = server;
        this.request = request;
    }

    @Override
    public String name() {
        return name;
    }

    /** A value of the right length is there. */
    @Override
    public void prepare(int from, int to) {
        try (Resp client = new Resp(server.port())) {
            String answer = client.command("SET", KEY, "x".repeat(request.length()));
            if (!answer.equals("OK")) {
                throw new IllegalStateException(name + " says " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void run(int from, int to) {
        if (to > from) {
            time(from, to);
        }
    }

    @Override
    public long time(int from, int to) {
        int requests = to - from;
        String test = request.command().name();
        String printed = run(List.of(
                RedisPrograms.BENCHMARK,
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(server.port()),
                "-t",
                test.toLowerCase(Locale.ROOT),
                "-n",
                Integer.toString(requests),
                "-d",
                Integer.toString(request.length()),
                "-P",
                Integer.toString(request.pipeline()),
                "--csv"));
        checkValue();
        return Math.round(1e9 * requests / RedisCsv.requestsPerSecond(printed, test));
    }

    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int status = process.waitFor();
                if (status != 0) {
                    throw new IllegalStateException("redis-benchmark ended with " + status + ": " + printed.strip());
                }
                return printed;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** redis-benchmark does not look at what it gets: a server that has lost the value would look fast. */
    private void checkValue() {
        try (Resp client = new Resp(server.port())) {
            String length = client.command("STRLEN", KEY);
            if (!length.equals(Integer.toString(request.length()))) {
                throw new IllegalStateException(name + " has a value of " + length + " B after " + request);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
