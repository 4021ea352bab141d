import org.jspecify.annotations.NullMarked;

/** What callers of tmem see, what backends and codecs implement, and the configuration both share. */
@NullMarked
@SuppressWarnings("module") // modules of tmem that are compiled later
module io.github.tmem.api {
    requires static transitive org.jspecify;

    exports io.github.tmem.api;
    exports io.github.tmem.api.config;
    exports io.github.tmem.api.live;
    exports io.github.tmem.api.machine to
            io.github.tmem.memory,
            io.github.tmem.tiering;
    exports io.github.tmem.api.spi;
    exports io.github.tmem.api.stats;

    uses io.github.tmem.api.spi.RemoteStoreProvider;
    uses io.github.tmem.api.spi.StoreProvider;
}
