package io.github.tmem.node.command;

import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.node.config.NodeUser;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Statistics as text: a line for each figure, its name with underscores, a colon and its value. */
final class StatsText {
    private StatsText() {}

    /** What a pool holds and has done. */
    static String of(PoolStats stats) {
        return lines(stats);
    }

    /** What a store holds and has done: texts that begin with the line of what they are about. */
    static List<String> of(StoreStats stats, NodeUser user) {
        List<String> texts = new ArrayList<>();
        stats.tiers().forEach(tier -> texts.add("tier\r\n" + lines(tier)));
        stats.directories().forEach(directory -> texts.add("directory\r\n" + lines(directory)));
        stats.pools().stream()
                .filter(pool -> isShown(pool.name(), user))
                .forEach(pool -> texts.add("pool\r\n" + lines(pool)));
        return texts;
    }

    private static boolean isShown(String name, NodeUser user) {
        if (name.startsWith(NodeState.VALUES_PREFIX)) {
            return name.equals(NodeState.VALUES_PREFIX + user.name());
        }
        int at = name.lastIndexOf('@');
        return user.mayUse(at < 0 ? name : name.substring(0, at));
    }

    private static String lines(Record stats) {
        StringBuilder text = new StringBuilder();
        for (RecordComponent component : stats.getClass().getRecordComponents()) {
            text.append(component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                    .append(':')
                    .append(value(stats, component))
                    .append("\r\n");
        }
        return text.toString();
    }

    private static String value(Record stats, RecordComponent component) {
        try {
            Object value = component.getAccessor().invoke(stats);
            String text = value instanceof Map<?, ?> counts
                    ? new TreeMap<>(counts).toString().replaceAll("[{} ]", "")
                    : String.valueOf(value);
            return text.replaceAll("[\\x00-\\x1F]", "?");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
