package io.github.tmem.api.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A secret, of which only the SHA-256 is kept: it can be compared with another, in constant time, and shown to a node, and no
 * text of it is ever made. Immutable.
 */
public final class Secret {
    /** The longest secret in bytes, of a file or of UTF-8 text. */
    public static final int BYTES_MAX = 4096;

    /** What error messages say is allowed in a file. */
    public static final String FILE_ALLOWED =
            "a readable file of 1 to 4096 bytes; a line break at its end does not count";

    private static final int HASH_BYTES = 32;

    private final byte[] hash;

    private Secret(byte[] hash) {
        this.hash = hash;
    }

    private Secret(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            hash = digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * The secret of these characters, which are not kept; the caller may overwrite them.
     *
     * @throws ConfigException if there are none, or more than {@link #BYTES_MAX} bytes of UTF-8
     */
    public static Secret of(char[] characters) {
        byte[] bytes = new byte[3 * characters.length]; // as long as UTF-8 can become
        try {
            ByteBuffer utf8 = ByteBuffer.wrap(bytes);
            StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .encode(CharBuffer.wrap(characters), utf8, true);
            if (utf8.position() == 0 || utf8.position() > BYTES_MAX) {
                throw new ConfigException("a secret of " + utf8.position() + " bytes; allowed: 1 to 4096 bytes");
            }
            return new Secret(bytes, utf8.position());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * The secret of these bytes, which are not kept; the caller may overwrite them.
     *
     * @throws ConfigException if there are none, or more than {@link #BYTES_MAX}
     */
    public static Secret of(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > BYTES_MAX) {
            throw new ConfigException("a secret of " + bytes.length + " bytes; allowed: 1 to 4096 bytes");
        }
        return new Secret(bytes, bytes.length);
    }

    /**
     * The secret in a file: all its bytes, but for a line break at the end.
     *
     * @throws ConfigException if the file cannot be read, is empty or too long, naming it and what is allowed
     */
    public static Secret read(Path file) {
        byte[] bytes = new byte[0];
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(BYTES_MAX + 3); // a line break may follow, and one byte too many be seen
            int length = lengthWithoutLineBreak(bytes);
            if (length == 0 || length > BYTES_MAX) {
                String fault = length == 0 ? "is empty" : "is too long";
                throw new ConfigException("secret file " + file + " " + fault + "; allowed: " + FILE_ALLOWED);
            }
            return new Secret(bytes, length);
        } catch (IOException e) {
            throw new ConfigException("secret file " + file + " cannot be read; allowed: " + FILE_ALLOWED, e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * The secret whose SHA-256 this is: how it comes over a network.
     *
     * @throws IllegalArgumentException if it does not have 32 bytes
     */
    public static Secret ofSha256(byte[] hash) {
        if (hash.length != HASH_BYTES) {
            throw new IllegalArgumentException("a SHA-256 has " + HASH_BYTES + " bytes, not " + hash.length);
        }
        return new Secret(hash.clone());
    }

    /** Its SHA-256. Whoever has it can pass for one who knows the secret. */
    public byte[] sha256() {
        return hash.clone();
    }

    private static int lengthWithoutLineBreak(byte[] bytes) {
        int length = bytes.length;
        if (length > 0 && bytes[length - 1] == '\n') {
            length--;
            if (length > 0 && bytes[length - 1] == '\r') {
                length--;
            }
        }
        return length;
    }

    /** Whether the other is the same secret, in a time that does not tell how much of it is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(hash, secret.hash);
    }

    /** The same for all secrets: it says nothing about them. */
    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    /** Says only that it is a secret. */
    @Override
    public String toString() {
        return "secret";
    }
}
