package io.github.tmem.zstd;

import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.PageCodec;

/**
 * Zstandard through zstd-jni, at one level. A page is one frame without magic number, content size and checksum: the
 * directory knows what a copy is, how long it is and what its checksum is.
 *
 * <p>The native library is loaded when the first codec is opened, so that it costs nothing to have the provider on the
 * class path.
 */
public final class ZstdProvider implements CodecProvider {
    /** Where more time for a page no longer buys much; measured on real pages of 4 KiB. */
    static final int LEVEL = 3;

    /** Found by the service loader. */
    public ZstdProvider() {}

    @Override
    public String name() {
        return "zstd";
    }

    @Override
    public String implementation() {
        return "zstd-jni " + ZstdVersion.VERSION + ", level " + LEVEL;
    }

    @Override
    public PageCodec open() {
        try {
            Native.load();
        } catch (LinkageError missing) {
            throw new ConfigException("codec \"zstd\" has no native library here: " + firstLine(missing)
                    + "; it comes with zstd-jni for common platforms, and is unpacked into java.io.tmpdir");
        }
        return new ZstdCodec(LEVEL);
    }

    private static String firstLine(LinkageError missing) {
        return String.valueOf(missing.getMessage()).lines().findFirst().orElse("");
    }
}
