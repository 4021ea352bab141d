package io.github.tmem.kit.provider;

import io.github.tmem.api.spi.Capabilities.Addressing;
import java.util.EnumSet;

/** The tier type {@code test-located}: registered located backends. */
public final class LocatedTestProvider extends TestProvider {
    /** For {@link java.util.ServiceLoader}. */
    public LocatedTestProvider() {
        super("test-located", EnumSet.of(Addressing.LOCATED));
    }
}
