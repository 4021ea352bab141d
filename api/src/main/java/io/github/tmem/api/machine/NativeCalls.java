package io.github.tmem.api.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;

/** What all calls from Java to the machine have in common. */
@SuppressWarnings("restricted") // only where whoever started Java allows it
public final class NativeCalls {
    private NativeCalls() {}

    /** Whether this is Linux, and whoever started Java allows this module native access: else Java would print a warning. */
    static boolean areAllowed() {
        return System.getProperty("os.name").equals("Linux")
                && NativeCalls.class.getModule().isNativeAccessEnabled();
    }

    /** A function of the C library. */
    static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    /**
     * What to throw for what came out of a call. A function of C throws nothing, but Java may refuse an argument, or have no
     * memory for the call.
     *
     * @throws Error if it is one
     */
    public static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException refused ? refused : new IllegalStateException(e);
    }
}
