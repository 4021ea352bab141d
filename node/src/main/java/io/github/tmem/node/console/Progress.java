package io.github.tmem.node.console;

/** Hears how far a long run has come. Thread-safe. */
public interface Progress extends AutoCloseable {
    /** The next part of the work begins. */
    void phase(String name);

    /** So many more steps are done. */
    void advance(long steps);

    @Override
    void close();

    /** Shows nothing. */
    static Progress silent() {
        return Silent.INSTANCE;
    }

    /** The progress that shows nothing. */
    enum Silent implements Progress {
        /** The only one. */
        INSTANCE;

        @Override
        public void phase(String name) {}

        @Override
        public void advance(long steps) {}

        @Override
        public void close() {}
    }
}
