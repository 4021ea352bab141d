package io.github.tmem.tiering.codec;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.PageCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The codecs of one chain by number: {@link #RAW}, then each codec its tiers name. The number is kept in directory
 * entries, so a page stays readable in whichever tier it is.
 *
 * <p>Codecs may be added; none ever goes, for pages may be kept under it. Thread-safe.
 */
public final class Codecs {
    /** The number of pages kept as they came. */
    public static final int RAW = 0;

    /** The codec name that keeps every page raw. */
    public static final String NONE = "none";

    /** The most numbers there are, {@link #RAW} included. */
    public static final int NUMBERS_MAX = 4;

    private final List<CodecProvider> providers = new CopyOnWriteArrayList<>();
    private volatile int count = 1;

    /**
     * The codecs with these names.
     *
     * @throws ConfigException if a name is unknown, its codec does not work here, or there are more than three besides
     *     {@code none}
     */
    public Codecs(Iterable<String> names) {
        names.forEach(this::add);
    }

    /**
     * Adds the codec of this name, unless it is known.
     *
     * @return whether it was added; what was {@linkplain #open opened} before does not know it
     * @throws ConfigException if the name is unknown, its codec does not work here, or there would be more than three besides
     *     {@code none}
     */
    public synchronized boolean add(String name) {
        if (isKnown(name)) {
            return false;
        }
        providers.add(addable(name));
        count = providers.size() + 1;
        return true;
    }

    /**
     * Checks that the codec of this name is known or can be added. Changes nothing.
     *
     * @throws ConfigException as {@link #add} does
     */
    public synchronized void check(String name) {
        if (!isKnown(name)) {
            addable(name);
        }
    }

    private boolean isKnown(String name) {
        return name.equals(NONE)
                || providers.stream().anyMatch(known -> known.name().equals(name));
    }

    private CodecProvider addable(String name) {
        CodecProvider found = find(name);
        if (providers.size() == NUMBERS_MAX - 1) {
            throw new ConfigException(
                    "codec \"" + name + "\" is one too many for its chain; allowed: " + (NUMBERS_MAX - 1));
        }
        found.open().close(); // one that does not work here is found out before anything is changed
        return found;
    }

    /** How many numbers there are. */
    public int count() {
        return count;
    }

    /** The codec names a configuration may use. */
    public static Set<String> available() {
        Set<String> names = new TreeSet<>();
        names.add(NONE);
        for (CodecProvider provider : ServiceLoader.load(CodecProvider.class)) {
            names.add(provider.name());
        }
        return names;
    }

    private static CodecProvider find(String name) {
        for (CodecProvider provider : ServiceLoader.load(CodecProvider.class)) {
            if (provider.name().equals(name)) {
                return provider;
            }
        }
        throw new ConfigException(
                "codec \"" + name + "\" is not on the class path; allowed: " + String.join(", ", available()));
    }

    /** The number of the codec {@code name}, which has been added. */
    public int numberOf(String name) {
        for (int i = 0; i < providers.size(); i++) {
            if (providers.get(i).name().equals(name)) {
                return i + 1;
            }
        }
        assert name.equals(NONE) : name;
        return RAW;
    }

    /** The codec's name and what is behind it, for people. */
    public String describe(int number) {
        if (number == RAW) {
            return NONE;
        }
        CodecProvider provider = providers.get(number - 1);
        return provider.name() + " (" + provider.implementation() + ")";
    }

    /** One new codec per number; the slot of {@link #RAW} is not used. */
    public PageCodec[] open() {
        List<PageCodec> codecs = new ArrayList<>();
        codecs.add(Raw.INSTANCE);
        boolean all = false;
        try {
            providers.forEach(provider -> codecs.add(provider.open()));
            all = true;
            return codecs.toArray(PageCodec[]::new);
        } finally {
            if (!all) {
                codecs.forEach(PageCodec::close);
            }
        }
    }

    /** Keeps the page as it came; {@link PageBuffer} copies raw pages itself and asks for neither direction. */
    private enum Raw implements PageCodec {
        INSTANCE;

        @Override
        public int encode(byte[] source, int sourceOffset, int length, byte[] destination, int limit) {
            return TOO_LONG;
        }

        @Override
        public int decode(byte[] source, int encodedLength, byte[] destination, int destinationOffset, int length) {
            System.arraycopy(source, 0, destination, destinationOffset, encodedLength);
            return encodedLength;
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
