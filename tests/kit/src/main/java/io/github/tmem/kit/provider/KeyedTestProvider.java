package io.github.tmem.kit.provider;

import io.github.tmem.api.spi.Capabilities.Addressing;
import java.util.EnumSet;

/** The tier type {@code test-keyed}: registered keyed backends. */
public final class KeyedTestProvider extends TestProvider {
    /** For {@link java.util.ServiceLoader}. */
    public KeyedTestProvider() {
        super("test-keyed", EnumSet.of(Addressing.KEYED));
    }
}
