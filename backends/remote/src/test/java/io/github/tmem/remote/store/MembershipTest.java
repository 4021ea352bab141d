package io.github.tmem.remote.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which answers to a close say that the pool is closed. */
class MembershipTest {
    private static final long POOL = 5;

    private final Membership membership = new Membership("run", "session", () -> {});

    private Call<Boolean> close() {
        membership.owedCloses().add(POOL);
        return membership.close(POOL);
    }

    @Test
    void aCloseThatWasDoneIsOwedNoMore() {
        Call<Boolean> call = close();
        assertThat(membership.owedCloses()).as("it is not answered").containsExactly(POOL);
        call.answer().complete(List.of());
        assertThat(membership.owedCloses()).isEmpty();
    }

    @Test
    void aPoolThatTheNodeDoesNotHaveIsClosed() {
        for (String error : List.of("CLOSED the pool is closed", "ERR no pool has this number")) {
            close().fail(new RedisCommandExecutionException(error));
            assertThat(membership.owedCloses()).as(error).isEmpty();
        }
    }

    @Test
    void anyOtherErrorSaysNothingOfThePool() {
        for (RedisException failure : List.of(
                new RedisCommandExecutionException("UNAVAILABLE the pool refuses a page that was taken"),
                new RedisCommandExecutionException("ERR internal error"),
                new RedisCommandExecutionException("NOSESSION there is no such session"),
                new RedisException("CLOSED by the client"))) {
            close().fail(failure);
            assertThat(membership.owedCloses()).as(failure.getMessage()).containsExactly(POOL);
            membership.owedCloses().clear();
        }
    }
}
