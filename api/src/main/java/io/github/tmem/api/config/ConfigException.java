package io.github.tmem.api.config;

import io.github.tmem.api.TmemException;
import java.io.Serial;

/**
 * A configuration that cannot be used. The message is one line for the user: the place (file, line and column, or the
 * setting's name), the offending value and what is allowed.
 */
public class ConfigException extends TmemException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** An error whose message is complete as it stands. */
    public ConfigException(String message) {
        super(message);
    }

    /** As {@link #ConfigException(String)}, with its cause. */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
