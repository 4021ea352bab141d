package io.github.tmem.node.command;

import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.node.config.NodeUser;
import io.github.tmem.node.config.PoolNames;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Statistics as text: a line for each figure, its name with underscores, a colon and its value. */
final class StatsText {
    private StatsText() {}

    /** What a pool holds and has done. */
    static String of(PoolStats stats) {
        return lines(stats);
    }

    /**
     * What a store holds and has done: texts that begin with the line of what they are about. Of the pools those that the user
     * may use are told of, but of sessions' own only those of {@code session}.
     */
    static List<String> of(StoreStats stats, NodeUser user, @Nullable Session session) {
        List<String> texts = new ArrayList<>();
        stats.tiers().forEach(tier -> texts.add("tier\r\n" + lines(tier)));
        stats.directories().forEach(directory -> texts.add("directory\r\n" + lines(directory)));
        stats.pools().stream()
                .filter(pool -> isShown(pool.name(), user, session))
                .forEach(pool -> texts.add("pool\r\n" + lines(pool)));
        return texts;
    }

    private static boolean isShown(String name, NodeUser user, @Nullable Session session) {
        if (name.startsWith(NodeState.VALUES_PREFIX)) {
            return name.equals(NodeState.VALUES_PREFIX + user.name());
        }
        String given = PoolNames.given(name);
        boolean own = session != null && name.equals(PoolNames.ofSession(given, session.id()));
        return own || (!PoolNames.isOfSession(name) && user.mayUse(given));
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
                    : PoolNames.given(String.valueOf(value));
            return text.replaceAll("[\\x00-\\x1F]", "?");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
