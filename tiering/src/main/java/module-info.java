import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.StoreProvider;
import org.jspecify.annotations.NullMarked;

/** The chain: directory, codecs, tiers and the store that callers see. Exports nothing; reached through the api. */
@NullMarked
module io.github.tmem.tiering {
    requires transitive io.github.tmem.api;
    requires org.agrona;
    requires org.lz4.java;
    requires org.snakeyaml.engine;
    requires static org.jspecify;

    uses io.github.tmem.api.spi.BackendProvider;
    uses CodecProvider;

    provides CodecProvider with
            io.github.tmem.tiering.codec.Lz4CodecProvider;
    provides StoreProvider with
            io.github.tmem.tiering.store.TieredStoreProvider;
}
