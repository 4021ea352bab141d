package io.github.tmem.bench.peer;

import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The kernel's compressed block device {@code /dev/zram0} with LZ4, written and read page by page past the page cache.
 *
 * <p>It is used only if nobody else does: we are root, it has no size yet and nothing is mounted from it. On close, and when
 * the program is interrupted, it is left as it was found: without a size, and with the algorithm it had.
 */
public final class ZramDevice implements AutoCloseable {
    /** The name of {@link #puts}. */
    public static final String WRITE = "zram write";

    /** The name of {@link #gets}. */
    public static final String READ = "zram read";

    private static final Path DEVICE = Path.of("/dev/zram0");
    private static final Path CONTROL = Path.of("/sys/block/zram0");
    private static final Pattern CHOSEN = Pattern.compile("\\[([^]]+)]");
    private static final int PAGE = PageSet.PAGE_SIZE;

    /** The kernel's table has an entry of a pointer and a word of flags for each page. */
    private static final int TABLE_BYTES_PER_PAGE = 16;

    private static final int RESETS_MAX = 50;
    private static final long RESET_PAUSE_NANOS = 20_000_000;

    private final String algorithmBefore;
    private final Thread restoring = new Thread(this::restore, "zram-restore");
    private final FileChannel channel;
    private final Keys keys;
    private final ByteBuffer[] pages;
    private boolean restored;

    private ZramDevice(Keys keys, PageSet set) throws IOException {
        this.keys = keys;
        algorithmBefore = algorithm();
        pages = new ByteBuffer[set.pages().size()];
        ByteBuffer all = aligned(pages.length);
        for (int i = 0; i < pages.length; i++) {
            pages[i] = all.slice(i * PAGE, PAGE).put(set.pages().get(i));
        }
        Runtime.getRuntime().addShutdownHook(restoring);
        boolean ready = false;
        try {
            write("comp_algorithm", "lz4");
            write("disksize", Long.toString((long) keys.count() * PAGE));
            channel = FileChannel.open(DEVICE, StandardOpenOption.READ, StandardOpenOption.WRITE, pastThePageCache());
            fill();
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    /** The device filled with the page of every key; empty if there is none that may be used. */
    public static Optional<ZramDevice> claim(Keys keys, PageSet set) {
        if (obstacle().isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ZramDevice(keys, set));
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalStateException("zram: " + e.getMessage(), e);
        }
    }

    /** Why there is no device that nobody uses and we may, in a few words; empty if there is one. */
    public static Optional<String> obstacle() {
        try {
            if (Files.notExists(DEVICE)) {
                return Optional.of("no " + DEVICE);
            }
            if (!Files.isWritable(DEVICE) || !Files.isWritable(CONTROL.resolve("disksize"))) {
                return Optional.of("zram is for root only");
            }
            boolean mounted =
                    Files.readString(Path.of("/proc/mounts")).lines().anyMatch(line -> line.startsWith(DEVICE + " "));
            if (mounted || !read("disksize").equals("0")) {
                return Optional.of(DEVICE + " is in use");
            }
            return read("comp_algorithm").contains("lz4") ? Optional.empty() : Optional.of("zram without lz4");
        } catch (IOException | UncheckedIOException e) {
            return Optional.of("zram cannot be asked");
        }
    }

    /** O_DIRECT. Its type is public, but the compiler takes what it finds for JDK 25 for an internal one. */
    private static OpenOption pastThePageCache() throws IOException {
        try {
            return Stream.of(
                            Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants())
                    .map(OpenOption.class::cast)
                    .filter(option -> option.toString().equals("DIRECT"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("Java knows no O_DIRECT"));
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }

    private void fill() throws IOException {
        for (int key = 0; key < keys.count(); key++) {
            writePage(key);
        }
    }

    private void writePage(int key) throws IOException {
        if (channel.write(pages[key % pages.length].clear(), (long) key * PAGE) != PAGE) {
            throw new IOException("short write");
        }
    }

    /** Page-sized writes over what is there, in the order of the keys. */
    public Contestant puts() {
        return new Device(WRITE, this::writePage);
    }

    /** Page-sized reads in the order of the keys. */
    public Contestant gets() {
        ByteBuffer page = aligned(1);
        return new Device(READ, key -> readPage(key, page));
    }

    private void readPage(int key, ByteBuffer page) throws IOException {
        if (channel.read(page.clear(), (long) key * PAGE) != PAGE) {
            throw new IOException("short read");
        }
    }

    /** Reads everything and compares every byte. */
    public void verify() {
        ByteBuffer page = aligned(1);
        try {
            for (int key = 0; key < keys.count(); key++) {
                readPage(key, page);
                if (page.flip().mismatch(pages[key % pages.length].clear()) >= 0) {
                    throw new IllegalStateException("zram gave back another page for " + key);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The memory the device uses in bytes: compressed pages, what their allocator wastes, and its table of pages. */
    public long bytesUsed() {
        List<String> fields = List.of(read("mm_stat").split("\\s+", -1));
        return Long.parseLong(fields.get(2)) + (long) TABLE_BYTES_PER_PAGE * keys.count();
    }

    private interface PageCall {
        void on(int key) throws IOException;
    }

    private final class Device implements Contestant {
        private final String name;
        private final PageCall call;

        Device(String name, PageCall call) {
            this.name = name;
            this.call = call;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void run(int from, int to) {
            try {
                for (int place = from; place < to; place++) {
                    call.on(keys.at(place));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Leaves the device as it was found. */
    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restoring);
        } catch (IllegalStateException alreadyEnding) {
            assert restored;
        }
    }

    private synchronized void restore() {
        if (restored) {
            return;
        }
        try {
            if (channel != null) {
                channel.close();
            }
            reset();
            write("comp_algorithm", algorithmBefore);
            restored = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resets the device, which is refused for as long as the kernel still looks at it. */
    private static void reset() {
        for (int tries = 1; ; tries++) {
            try {
                write("reset", "1");
                return;
            } catch (UncheckedIOException busy) {
                if (tries == RESETS_MAX) {
                    throw busy;
                }
                LockSupport.parkNanos(RESET_PAUSE_NANOS);
            }
        }
    }

    private static String algorithm() {
        Matcher chosen = CHOSEN.matcher(read("comp_algorithm"));
        if (!chosen.find()) {
            throw new IllegalStateException("zram names no algorithm in use");
        }
        return chosen.group(1);
    }

    private static ByteBuffer aligned(int count) {
        return ByteBuffer.allocateDirect((count + 1) * PAGE).alignedSlice(PAGE).slice(0, count * PAGE);
    }

    private static String read(String file) {
        try {
            return Files.readString(CONTROL.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String file, String value) {
        try {
            Files.write(CONTROL.resolve(file), List.of(value), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
