package io.github.tmem.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The 192-bit name of an object (a file, an inode, a swap area) inside a pool. Two ids are the same object exactly when
 * all three words are equal; no bits are truncated or folded anywhere.
 *
 * <p>The factories draw from disjoint ranges only as far as their callers keep to one of them per pool: an
 * {@code of(5)} and an {@code of(5, 0)} are the same object. Immutable.
 *
 * @param high the most significant 64 bits
 * @param middle the middle 64 bits
 * @param low the least significant 64 bits
 */
public record ObjectId(long high, long middle, long low) implements Comparable<ObjectId> {

    /** The object with this number, for example a swap area. */
    public static ObjectId of(long number) {
        return new ObjectId(0, 0, number);
    }

    /** The object of an inode and its generation, so that a reused inode number is another object. */
    public static ObjectId of(long inode, long generation) {
        return new ObjectId(0, generation, inode);
    }

    /** The object with these three words, most significant first. */
    public static ObjectId of(long high, long middle, long low) {
        return new ObjectId(high, middle, low);
    }

    /** The object named by {@code uuid}. */
    public static ObjectId of(UUID uuid) {
        return new ObjectId(0, uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /**
     * The object named by a path: the first 192 bits of the SHA-256 of its absolute, normalized form in UTF-8. The file
     * system is not asked, so symbolic links are not followed.
     */
    public static ObjectId of(Path path) {
        byte[] text = path.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
            return new ObjectId(digest.getLong(), digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int compareTo(ObjectId other) {
        int order = Long.compareUnsigned(high, other.high);
        order = order != 0 ? order : Long.compareUnsigned(middle, other.middle);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /** 48 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%016x%016x%016x", high, middle, low);
    }
}
