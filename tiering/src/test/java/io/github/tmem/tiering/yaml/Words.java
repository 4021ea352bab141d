package io.github.tmem.tiering.yaml;

import java.util.Map;
import java.util.Set;

/** The vocabulary of the tests: two memory tiers without settings and one backend with them. */
final class Words {
    static final Vocabulary VOCABULARY = new Vocabulary(
            Map.of("heap", Set.of(), "offheap", Set.of(), "disk", Set.of("path", "sync", "key-file")),
            Set.of("lz4", "none"));

    private Words() {}
}
