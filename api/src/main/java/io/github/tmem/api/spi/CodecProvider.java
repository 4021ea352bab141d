package io.github.tmem.api.spi;

/** Makes codecs of one name. Found by {@link java.util.ServiceLoader}. Thread-safe. */
public interface CodecProvider {
    /** The name in configurations, for example {@code lz4}. */
    String name();

    /** The implementation behind the name, for logs and statistics, for example {@code LZ4Factory:JNI}. */
    String implementation();

    /**
     * A new codec.
     *
     * @throws io.github.tmem.api.config.ConfigException if it does not work here, for want of a native library for example
     */
    PageCodec open();
}
