package io.github.tmem.system.wire;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * All combinations of what an {@link OnTheWire} allows for the parameters of its method; but without {@code tmem.stress} each
 * kind of page only with the get mode that is usual for it, if both are allowed.
 */
final class OnTheWireArguments implements ArgumentsProvider {
    private static final boolean LONG = Boolean.getBoolean("tmem.stress");

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations declared, ExtensionContext context) {
        OnTheWire allowed = context.getRequiredTestMethod().getAnnotation(OnTheWire.class);
        Stream<List<Object>> rows = Stream.of(List.of());
        for (Class<?> type : context.getRequiredTestMethod().getParameterTypes()) {
            List<?> values = values(type, allowed);
            rows = rows.flatMap(row -> values.stream().map(value -> longer(row, value)));
        }
        return rows.filter(row -> LONG || allowed.modes().length == 1 || isUsual(row))
                .map(row -> Arguments.of(row.toArray()));
    }

    private static boolean isUsual(List<Object> row) {
        GetMode unusual = row.contains(PageKind.PERSISTENT) ? GetMode.EXCLUSIVE : GetMode.INCLUSIVE;
        return !row.contains(unusual);
    }

    private static List<?> values(Class<?> type, OnTheWire allowed) {
        if (type == Peer.class) {
            return List.of(Peer.values());
        } else if (type == PageKind.class) {
            return List.of(allowed.kinds());
        } else if (type == GetMode.class) {
            return List.of(allowed.modes());
        } else if (type == String.class) {
            return List.of(allowed.points());
        }
        throw new IllegalArgumentException("a test on the wire has no parameter of " + type);
    }

    private static List<Object> longer(List<Object> row, Object value) {
        List<Object> longer = new ArrayList<>(row);
        longer.add(value);
        return longer;
    }
}
