package io.github.tmem.kit.process;

/**
 * A server that speaks the Redis protocol, in a process of its own on a port that it keeps, whichever program it is. For
 * one thread.
 */
public interface PeerProcess extends AutoCloseable {

    /** Where it listens. */
    int port();

    /** Its address for clients. */
    String uri();

    /** Its process at this moment. */
    ServerProcess process();

    /** Sends one command, on a connection of its own, and gives the answer as {@link Resp#command}. */
    String command(String... words);

    /** Kills it. */
    default void kill() {
        process().close();
    }

    /** Starts it again on the same port, after {@link #kill}, and waits until it answers. */
    void restart();

    /** Kills it if it still runs, and removes its folder. */
    @Override
    void close();
}
