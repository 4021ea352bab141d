package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

class SkippedTestsFailTest {

    /** In the place of a test that is switched off: no test of the project is, not even as an example. */
    private record Annotated(List<Annotation> annotations) implements AnnotatedElement {
        @Override
        public <T extends Annotation> @Nullable T getAnnotation(Class<T> type) {
            return annotations.stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public Annotation[] getAnnotations() {
            return annotations.toArray(Annotation[]::new);
        }

        @Override
        public Annotation[] getDeclaredAnnotations() {
            return getAnnotations();
        }
    }

    @EnabledOnOs(OS.AIX)
    private static final class ConditionalExample {}

    private static AnnotatedElement disabled() {
        return new Annotated(List.of(stub(Disabled.class, Disabled.class.getSimpleName())));
    }

    private static ExtensionContext contextOf(AnnotatedElement element) {
        return stub(ExtensionContext.class, Optional.of(element));
    }

    /** Something whose every method returns the same. */
    private static <T> T stub(Class<T> type, Object result) {
        return type.cast(Proxy.newProxyInstance(
                SkippedTestsFailTest.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getName().equals("annotationType") ? type : result));
    }

    @Test
    void annotationsThatSkipFail() {
        SkippedTestsFail enforced = new SkippedTestsFail(true);
        assertThatThrownBy(() -> enforced.evaluateExecutionCondition(contextOf(disabled())))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Disabled");
        assertThatThrownBy(() -> enforced.evaluateExecutionCondition(contextOf(ConditionalExample.class)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("EnabledOnOs");
        assertThat(enforced.evaluateExecutionCondition(contextOf(SkippedTestsFailTest.class))
                        .isDisabled())
                .isFalse();
        assertThat(new SkippedTestsFail(false)
                        .evaluateExecutionCondition(contextOf(disabled()))
                        .isDisabled())
                .isFalse();
    }

    @Test
    void assumptionsThatDoNotHoldFail() {
        ExtensionContext context = contextOf(SkippedTestsFailTest.class);
        TestAbortedException aborted = new TestAbortedException("assumption");
        assertThatThrownBy(() -> new SkippedTestsFail(true).handleTestExecutionException(context, aborted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("assumption");
        assertThatThrownBy(() -> new SkippedTestsFail(false).handleTestExecutionException(context, aborted))
                .isSameAs(aborted);
    }
}
