package io.github.tmem.api.config;

import java.util.Map;
import java.util.Objects;

/**
 * One tier of a chain.
 *
 * @param type the name of the backend: {@code heap}, {@code offheap}, {@code chronicle}, or one of a third party
 * @param capacity the most the tier ever holds, everything it stores counted (L10)
 * @param high the fill in per cent above which the background moves ephemeral pages down; at most 100
 * @param low the fill in per cent down to which it moves them; at most {@code high}
 * @param whenFull what happens when a put finds no room
 * @param promote when a hit moves the page up
 * @param codec the codec pages are kept under: {@code lz4}, {@code none}, {@code zstd} from {@code tmem-codec-zstd}, or
 *     one of a third party
 * @param incompressible what becomes of pages that the codec does not shorten by an eighth; with the codec {@code none}, which shortens
 *     none, {@link Incompressible#ACCEPT}
 * @param settings further keys, for the backend alone
 */
public record TierConfig(
        String type,
        Size capacity,
        double high,
        double low,
        WhenFull whenFull,
        Promotion promote,
        String codec,
        Incompressible incompressible,
        Map<String, String> settings) {

    /** Default of {@link #high}. */
    public static final double DEFAULT_HIGH = 95;

    /** Default of {@link #low}. */
    public static final double DEFAULT_LOW = 90;

    /** Default of {@link #codec}. */
    public static final String DEFAULT_CODEC = "lz4";

    /** The codec that leaves pages as they are. */
    public static final String CODEC_NONE = "none";

    public TierConfig {
        Objects.requireNonNull(type);
        Objects.requireNonNull(capacity);
        Objects.requireNonNull(whenFull);
        Objects.requireNonNull(promote);
        Objects.requireNonNull(codec);
        Objects.requireNonNull(incompressible);
        settings = Map.copyOf(settings);
        if (incompressible == Incompressible.REFUSE && codec.equals(CODEC_NONE)) {
            throw new ConfigException("tier " + type
                    + ": incompressible \"refuse\" does not fit the codec \"none\"; allowed: accept, or another codec");
        }
        if (!(low > 0 && low <= high && high <= 100)) {
            throw new ConfigException("tier " + type + ": low " + low + " and high " + high
                    + " do not fit; allowed: 0 < low <= high <= 100");
        }
    }

    /** A tier with the defaults for everything but its type and capacity. */
    public static TierConfig of(String type, Size capacity) {
        return new TierConfig(
                type,
                capacity,
                DEFAULT_HIGH,
                DEFAULT_LOW,
                WhenFull.DEFAULT,
                Promotion.SECOND_HIT,
                DEFAULT_CODEC,
                Incompressible.ACCEPT,
                Map.of());
    }

    /** This tier with another capacity. */
    public TierConfig withCapacity(Size newCapacity) {
        return new TierConfig(type, newCapacity, high, low, whenFull, promote, codec, incompressible, settings);
    }

    /** This tier with other watermarks, in per cent of its capacity. */
    public TierConfig withWatermarks(double newHigh, double newLow) {
        return new TierConfig(type, capacity, newHigh, newLow, whenFull, promote, codec, incompressible, settings);
    }

    /** This tier with another behaviour when full. */
    public TierConfig withWhenFull(FullAction ephemeral, FullAction persistent) {
        return new TierConfig(
                type,
                capacity,
                high,
                low,
                new WhenFull(ephemeral, persistent),
                promote,
                codec,
                incompressible,
                settings);
    }

    /** This tier with another promotion rule. */
    public TierConfig withPromote(Promotion newPromote) {
        return new TierConfig(type, capacity, high, low, whenFull, newPromote, codec, incompressible, settings);
    }

    /** This tier with another codec. */
    public TierConfig withCodec(String newCodec) {
        return new TierConfig(type, capacity, high, low, whenFull, promote, newCodec, incompressible, settings);
    }

    /** This tier with another answer to pages that the codec does not shorten. */
    public TierConfig withIncompressible(Incompressible newIncompressible) {
        return new TierConfig(type, capacity, high, low, whenFull, promote, codec, newIncompressible, settings);
    }

    /** This tier with these backend settings instead of its own. */
    public TierConfig withSettings(Map<String, String> newSettings) {
        return new TierConfig(type, capacity, high, low, whenFull, promote, codec, incompressible, newSettings);
    }

    /** Type, capacity, codec, and which settings there are for the backend: what they say may be a secret. */
    @Override
    public String toString() {
        return "TierConfig[" + type + ", " + capacity + ", codec " + codec + ", settings "
                + settings.keySet().stream().sorted().toList() + "]";
    }
}
