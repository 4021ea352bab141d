package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

class SkippedTestsFailTest {

    @Disabled("an example")
    private static final class DisabledExample {}

    @EnabledOnOs(OS.AIX)
    private static final class ConditionalExample {}

    private static ExtensionContext contextOf(AnnotatedElement element) {
        return (ExtensionContext) Proxy.newProxyInstance(
                SkippedTestsFailTest.class.getClassLoader(),
                new Class<?>[] {ExtensionContext.class},
                (proxy, method, arguments) -> Optional.of(element));
    }

    @Test
    void annotationsThatSkipFail() {
        SkippedTestsFail enforced = new SkippedTestsFail(true);
        assertThatThrownBy(() -> enforced.evaluateExecutionCondition(contextOf(DisabledExample.class)))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> enforced.evaluateExecutionCondition(contextOf(ConditionalExample.class)))
                .isInstanceOf(AssertionError.class);
        assertThat(enforced.evaluateExecutionCondition(contextOf(SkippedTestsFailTest.class))
                        .isDisabled())
                .isFalse();
        assertThat(new SkippedTestsFail(false)
                        .evaluateExecutionCondition(contextOf(DisabledExample.class))
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
