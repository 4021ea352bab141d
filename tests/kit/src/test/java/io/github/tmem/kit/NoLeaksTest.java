package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.kit.NoLeaks.Holdings;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.provider.TestBackends;
import io.github.tmem.kit.provider.TestBackends.Registration;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class NoLeaksTest {

    private final Holdings before = Holdings.now();

    private void assertFound(String what) {
        assertThatThrownBy(before::assertNoMoreNow)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(what);
    }

    @Test
    void anArenaThatIsNotClosedIsFound() {
        try (Arena arena = Arena.ofShared()) {
            arena.allocate(1 << 20);
            assertFound("native bytes");
        }
        before.assertNoMoreNow();
    }

    @Test
    void aBackendThatIsNotClosedIsFound() {
        try (KeyedTestBackend backend = KeyedTestBackend.slow(1 << 20)) {
            backend.usage();
            assertFound("threads");
        }
        before.assertNoMoreNow();
    }

    @Test
    void aRegistrationThatIsNotClosedIsFound() {
        try (Registration registration = TestBackends.register("test-keyed", tier -> KeyedTestBackend.local(1))) {
            registration.tier(1);
            assertFound("registered");
        }
        before.assertNoMoreNow();
    }
}
