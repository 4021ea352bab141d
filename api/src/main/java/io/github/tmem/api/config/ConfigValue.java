package io.github.tmem.api.config;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A value of a configuration file that knows where it stands: what a program around the store reads its own section with, so
 * that its errors look like those of the store. Immutable.
 *
 * <p>Every method throws {@link ConfigException}, naming file, line, column and what is allowed, if the value is of another
 * form than asked for.
 */
public interface ConfigValue {

    /** The file as the user named it. */
    String file();

    /** What messages call the value: its key, or its role. */
    String name();

    /** The value as one word or number; {@code allowed} says what it may be. */
    String text(String allowed);

    /** The value as the one of {@code choices} whose word it is. */
    <T> T choice(List<T> choices, Function<T, String> word);

    /** Whether the value is a list. */
    boolean isList();

    /** The elements of a list, each to be called {@code elementName} in messages. */
    List<? extends ConfigValue> elements(String elementName, String allowed);

    /** The values of a map by key, in the order of the file; each key is one of {@code keys}. */
    Map<String, ? extends ConfigValue> map(List<String> keys, String allowed);

    /** Runs {@code build}; what it complains about is reported at this value's place. */
    <T> T locating(Supplier<T> build);

    /** An error at this value's place. */
    ConfigException error(String complaint);

    /** An error about the text of this value: {@code name "text" complaint; allowed: …}. */
    ConfigException refused(String complaint, String allowed);
}
