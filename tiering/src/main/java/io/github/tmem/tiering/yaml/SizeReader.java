package io.github.tmem.tiering.yaml;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;

/** Reads sizes. */
final class SizeReader {
    private SizeReader() {}

    /** An amount of bytes or a percentage. */
    static Size size(Value value) {
        String text = value.text(Size.ALLOWED);
        try {
            return Size.parse(text);
        } catch (ConfigException e) {
            throw value.place()
                    .error(value.name() + " " + Wording.quote(text) + " is not a size; allowed: " + Size.ALLOWED, e);
        }
    }
}
