package io.github.tmem.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.Pages;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/** Copies whose bytes follow from their ids. */
final class Copies {
    static final int LENGTH = 4096;

    private Copies() {}

    static byte[] bytes(long copyId) {
        return Pages.noise(copyId, LENGTH);
    }

    static long put(Backend backend, PageKind kind, long copyId) {
        return backend.put(copyId, kind, 0, MemorySegment.ofArray(bytes(copyId)), LENGTH);
    }

    static CompletableFuture<Long> putAsync(Backend backend, PageKind kind, long copyId) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        backend.putAsync(copyId, kind, 0, MemorySegment.ofArray(bytes(copyId)), LENGTH, result::complete);
        return result;
    }

    static int get(Backend backend, long copyId) {
        byte[] page = new byte[LENGTH];
        int result = backend.get(copyId, MemorySegment.ofArray(page), LENGTH);
        assertThat(page).isEqualTo(result == LENGTH ? bytes(copyId) : new byte[LENGTH]);
        return result;
    }
}
