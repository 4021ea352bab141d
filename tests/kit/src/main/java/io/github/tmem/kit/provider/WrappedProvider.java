package io.github.tmem.kit.provider;

import io.github.tmem.api.spi.Capabilities.Addressing;
import java.util.EnumSet;

/** The tier type {@code wrapped}: any registered backend. */
public final class WrappedProvider extends TestProvider {
    /** For {@link java.util.ServiceLoader}. */
    public WrappedProvider() {
        super("wrapped", EnumSet.allOf(Addressing.class));
    }
}
