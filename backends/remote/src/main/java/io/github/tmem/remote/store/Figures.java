package io.github.tmem.remote.store;

import io.github.tmem.api.Refusal;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Statistics as a node writes them: a line for each figure, its name with underscores, a colon and its value. */
final class Figures {
    private static final int TEXT_MAX = 64 << 10;

    private Figures() {}

    /** What a pool holds and has done, under the name it has here. */
    static PoolStats pool(String text, String name) {
        Map<String, String> figures = figures(text);
        figures.put("name", name);
        return record(PoolStats.class, figures);
    }

    /** What a store holds and has done, from the texts of its parts. */
    static StoreStats store(List<Object> texts) {
        List<TierStats> tiers = new ArrayList<>();
        List<PoolStats> pools = new ArrayList<>();
        List<DirectoryStats> directories = new ArrayList<>();
        for (Object part : texts) {
            if (!(part instanceof byte[] bytes) || bytes.length > TEXT_MAX) {
                throw new NoAnswer("statistics that are no text");
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            switch (text.lines().findFirst().orElse("")) {
                case "tier" -> tiers.add(record(TierStats.class, figures(text)));
                case "pool" -> pools.add(record(PoolStats.class, figures(text)));
                case "directory" -> directories.add(record(DirectoryStats.class, figures(text)));
                default -> throw new NoAnswer("statistics of something unknown");
            }
        }
        return new StoreStats(tiers, pools, directories);
    }

    private static Map<String, String> figures(String text) {
        Map<String, String> figures = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                figures.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return figures;
    }

    private static <R extends Record> R record(Class<R> type, Map<String, String> figures) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            values[i] = value(types[i], name, figures.getOrDefault(name, ""));
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new NoAnswer("statistics that cannot be: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private static Object value(Class<?> type, String name, String text) {
        try {
            if (type == long.class) {
                return Long.parseLong(text);
            }
            if (type == int.class) {
                return Integer.parseInt(text);
            }
            if (type.isEnum()) {
                return constant(type, text);
            }
            return type == Map.class ? refusals(text) : text;
        } catch (IllegalArgumentException e) {
            throw new NoAnswer("statistics where " + name + " is \"" + text + '"');
        }
    }

    private static Object constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.toString().equals(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    private static Map<Refusal, Long> refusals(String text) {
        Map<Refusal, Long> refusals = new EnumMap<>(Refusal.class);
        for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int sign = pair.indexOf('=');
            refusals.put(
                    Refusal.valueOf(pair.substring(0, Math.max(0, sign))), Long.parseLong(pair.substring(sign + 1)));
        }
        return refusals;
    }
}
