import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.memory.HeapProvider;
import io.github.tmem.memory.OffHeapProvider;
import org.jspecify.annotations.NullMarked;

/** The tiers {@code heap} and {@code offheap}: copies in slabs of memory of this process. */
@NullMarked
module io.github.tmem.memory {
    requires io.github.tmem.api;
    requires jdk.management;
    requires static org.jspecify;

    provides BackendProvider with
            HeapProvider,
            OffHeapProvider;
}
