package io.github.tmem.kit;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Fails tests that would be skipped, by an annotation or by an assumption, when the environment variable {@code CI} is
 * {@code true}. A module registers it by setting {@code junit.jupiter.extensions.autodetection.enabled}.
 */
public final class SkippedTestsFail
        implements ExecutionCondition, TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

    private final boolean enforced;

    /** For {@link java.util.ServiceLoader}. */
    public SkippedTestsFail() {
        this("true".equals(System.getenv("CI")));
    }

    SkippedTestsFail(boolean enforced) {
        this.enforced = enforced;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (enforced) {
            context.getElement().ifPresent(SkippedTestsFail::checkNotSkippable);
        }
        return ConditionEvaluationResult.enabled("not skipped");
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw failure(thrown);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw failure(thrown);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw failure(thrown);
    }

    private Throwable failure(Throwable thrown) {
        return enforced && thrown instanceof TestAbortedException
                ? new AssertionError("a test was skipped: " + thrown.getMessage(), thrown)
                : thrown;
    }

    private static void checkNotSkippable(AnnotatedElement element) {
        for (Annotation annotation : element.getAnnotations()) {
            String condition = annotation.annotationType().getPackageName();
            if (annotation instanceof Disabled || condition.equals("org.junit.jupiter.api.condition")) {
                throw new AssertionError(element + " can be skipped: " + annotation);
            }
        }
    }
}
