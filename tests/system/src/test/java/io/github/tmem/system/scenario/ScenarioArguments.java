package io.github.tmem.system.scenario;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * All combinations of what a {@link Scenario} allows for the parameters of its method; or as many as the property
 * {@code tmem.scenario.most} says, always the same ones, where lines count and not shapes (mutation).
 */
final class ScenarioArguments implements ArgumentsProvider {
    private static final int MOST = Integer.getInteger("tmem.scenario.most", Integer.MAX_VALUE);
    private static final long SEED = 1;

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations declared, ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        Scenario scenario = method.getAnnotation(Scenario.class);
        List<List<Object>> rows = List.of(List.of());
        for (Class<?> type : method.getParameterTypes()) {
            rows = combine(rows, values(type, scenario));
        }
        List<List<Object>> served =
                rows.stream().filter(ScenarioArguments::isServed).collect(Collectors.toCollection(ArrayList::new));
        if (served.size() > MOST) {
            Collections.shuffle(served, new Random(SEED));
        }
        return served.stream().limit(MOST).map(row -> Arguments.of(row.toArray()));
    }

    /** Whether every tier of the row's chain takes pages of the row's kind. */
    private static boolean isServed(List<Object> row) {
        Stream<ChainShape> shapes =
                row.stream().filter(ChainShape.class::isInstance).map(ChainShape.class::cast);
        List<PageKind> kinds = row.stream()
                .filter(PageKind.class::isInstance)
                .map(PageKind.class::cast)
                .toList();
        return shapes.allMatch(shape -> kinds.stream().allMatch(shape::serves));
    }

    private static List<?> values(Class<?> type, Scenario scenario) {
        if (type == ChainShape.class) {
            return scenario.on().members();
        } else if (type == PageKind.class) {
            return List.of(scenario.kinds());
        } else if (type == GetMode.class) {
            return List.of(scenario.modes());
        } else if (type == String.class) {
            return List.of(scenario.points());
        }
        throw new IllegalArgumentException("a scenario has no parameter of " + type);
    }

    private static List<List<Object>> combine(List<List<Object>> rows, List<?> values) {
        List<List<Object>> longer = new ArrayList<>();
        for (List<Object> row : rows) {
            for (Object value : values) {
                List<Object> one = new ArrayList<>(row);
                one.add(value);
                longer.add(one);
            }
        }
        return longer;
    }
}
