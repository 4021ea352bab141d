package io.github.tmem.chronicle;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A program of its own: stores pages in a chronicle tier, reads them, says so, and waits for the end of its input. */
final class StorePages {
    private static final int PAGE = 4096;

    private StorePages() {}

    public static void main(String[] arguments) throws IOException {
        try (Backend backend = new ChronicleProvider().open(TierConfig.of("chronicle", Size.parse("8MiB")))) {
            MemorySegment page = MemorySegment.ofArray(new byte[PAGE]);
            int read = 0;
            for (long id = 1; id <= 1000; id++) {
                page.fill((byte) id);
                backend.put(id, PageKind.EPHEMERAL, 0, page, PAGE);
                page.fill((byte) 0);
                read += backend.get(id, page, PAGE) == PAGE
                                && page.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 7) == (byte) id
                        ? 1
                        : 0;
            }
            System.out.println(read + " pages read");
            System.out.flush();
            System.in.readAllBytes();
        } catch (ConfigException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
