package io.github.tmem.kit;

/** How well a page made by {@link Pages} compresses. */
public enum Shape {
    /** Noise: no codec makes it shorter. */
    INCOMPRESSIBLE,
    /** A quarter noise, the rest runs: about a third of its size under LZ4. */
    COMPRESSIBLE,
    /** One 64-bit word repeated. The word carries a digest of the key and the version. */
    SAME_FILLED;

    private static final Shape[] ALL = values();

    /** The shape with this number modulo the number of shapes, to pick one from a random number. */
    public static Shape at(long number) {
        return ALL[(int) Long.remainderUnsigned(number, ALL.length)];
    }
}
