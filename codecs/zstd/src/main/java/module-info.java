import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.zstd.ZstdProvider;
import org.jspecify.annotations.NullMarked;

/** The codec {@code zstd}: shorter copies than {@code lz4}, for more time. */
@NullMarked
module io.github.tmem.zstd {
    requires com.github.luben.zstd_jni;
    requires io.github.tmem.api;
    requires static org.jspecify;

    provides CodecProvider with
            ZstdProvider;
}
