package io.github.tmem.tiering.yaml;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys and values of one map of the file.
 *
 * @param owner the map itself
 * @param values the values by key, in the order of the file
 * @param places where each key stands
 */
record Fields(Value owner, Map<String, Value> values, Map<String, Place> places) {

    /** Refuses the first key that is not in {@code allowed}. */
    void allowOnly(Collection<String> allowed) {
        values.keySet().stream()
                .filter(key -> !allowed.contains(key))
                .findFirst()
                .ifPresent(key -> {
                    throw place(key).error("unknown key " + Wording.quote(key) + Wording.choice(key, allowed));
                });
    }

    Value required(String key, String allowed) {
        return optional(key)
                .orElseThrow(() ->
                        owner.place().error(owner.name() + " has no " + Wording.quote(key) + "; allowed: " + allowed));
    }

    Optional<Value> optional(String key) {
        return Optional.ofNullable(values.get(key));
    }

    Set<String> keys() {
        return values.keySet();
    }

    Place place(String key) {
        Place place = places.get(key);
        if (place == null) {
            throw new IllegalArgumentException("no key " + key);
        }
        return place;
    }
}
