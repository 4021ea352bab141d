package io.github.tmem.kit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.LocatedBackend;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A filter that is unaware of a method of the SPI would silently skip it, so each must have every method. */
class FilterBackendTest {

    static Stream<Arguments> filters() {
        return Stream.of(
                Arguments.of(FilterBackend.class, Backend.class),
                Arguments.of(FilterLocatedBackend.class, LocatedBackend.class),
                Arguments.of(FilterClaim.class, LocatedBackend.Claim.class));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void hasEveryMethod(Class<?> filter, Class<?> filtered) {
        assertThat(filtered.getMethods())
                .filteredOn(method -> !Modifier.isStatic(method.getModifiers()))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(declares(filter, method)).isTrue());
    }

    private static boolean declares(Class<?> filter, Method method) throws NoSuchMethodException {
        return filter.getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass() == filter;
    }
}
