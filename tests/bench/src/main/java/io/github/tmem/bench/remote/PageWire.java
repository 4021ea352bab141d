package io.github.tmem.bench.remote;

/**
 * Moves numbered pages to a server and back over one connection. Every page that is fetched is compared with what it has to
 * be. One thread calls; answers may come on another.
 */
public interface PageWire extends AutoCloseable {

    /** What it is called in reports. */
    String name();

    /** How long a page is at most, as it is sent. */
    int lengthMax();

    /** Stores the page of a key that has none there, and waits. */
    void put(int key);

    /** Fetches the page of a key, waits, and compares it. */
    void get(int key, Slot slot);

    /** As {@link #put}, without waiting. */
    void putAsync(int key, Slot slot);

    /** As {@link #get}, without waiting. */
    void getAsync(int key, Slot slot);

    /** Deletes the pages of these keys, if they are there, and waits. */
    void remove(int fromKey, int toKey);

    /** Deletes everything and ends the connection. */
    @Override
    void close();
}
