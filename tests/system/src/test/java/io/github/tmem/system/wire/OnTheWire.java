package io.github.tmem.system.wire;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * A test that runs once for each combination of its parameters, some of them only with {@code -Pstress}, which are any of
 * {@link Peer}, {@link PageKind}, {@link
 * GetMode} and {@link String}, each at most once.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@ArgumentsSource(OnTheWireArguments.class)
@interface OnTheWire {
    /** Values of the parameter of type {@link PageKind}. */
    PageKind[] kinds() default {PageKind.EPHEMERAL, PageKind.PERSISTENT};

    /** Values of the parameter of type {@link GetMode}. */
    GetMode[] modes() default {GetMode.EXCLUSIVE, GetMode.INCLUSIVE};

    /** Values of the parameter of type {@link String}: mostly points on the wire. */
    String[] points() default {"SET 0:1", "SET 0:1 answer"};
}
