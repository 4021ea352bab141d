package io.github.tmem.system.scenario;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * A test that runs once for each combination of its parameters: a {@link ChainShape} first, then any of {@link PageKind},
 * {@link GetMode} and {@link String}, each at most once.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@ArgumentsSource(ScenarioArguments.class)
@interface Scenario {
    /** The chain shapes. */
    Shapes on();

    /** Values of the parameter of type {@link PageKind}. */
    PageKind[] kinds() default {PageKind.EPHEMERAL, PageKind.PERSISTENT};

    /** Values of the parameter of type {@link GetMode}. */
    GetMode[] modes() default {GetMode.EXCLUSIVE, GetMode.INCLUSIVE};

    /** Values of the parameter of type {@link String}: mostly points of a gate. */
    String[] points() default {};
}
