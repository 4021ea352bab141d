/**
 * The tier {@code chronicle}: ephemeral copies in a Chronicle Map in native memory, without a file.
 *
 * <p>The map is keyed by copy id. Its memory is reserved when the tier opens, and {@link
 * io.github.tmem.chronicle.MapGeometry} cuts it so that the capacity bounds all of it. {@link
 * io.github.tmem.chronicle.Room} counts what copies take and answers FULL before the map has to; {@link
 * io.github.tmem.chronicle.ChronicleBackend} moves the bytes, one lock of the map for each call. {@link
 * io.github.tmem.chronicle.JvmOptions} says in one line which options of the JVM are missing.
 */
@NullMarked
package io.github.tmem.chronicle;

import org.jspecify.annotations.NullMarked;
