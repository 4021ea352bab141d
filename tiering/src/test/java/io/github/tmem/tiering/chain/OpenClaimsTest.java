package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.kit.backend.LocatedTestBackend;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenClaimsTest {
    private final LocatedTestBackend memory = new LocatedTestBackend(1 << 20);
    private final OpenClaims claims = new OpenClaims(memory);

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void aClaimIsKnownFromItsBeginningAndNotForgottenAtItsEnd() {
        long before = claims.closed();
        assertThat(claims.anySince(before)).isFalse();
        Claim claim = Objects.requireNonNull(claims.open(ClaimGoal.PERSISTENT, 4096));
        assertThat(claims.anySince(before)).as("it is open").isTrue();
        claims.close(claim);
        assertThat(claims.anySince(before)).as("it was open").isTrue();
        assertThat(claims.anySince(claims.closed())).isFalse();
    }

    @Test
    void whatFindsNothingIsNoClaim() {
        long before = claims.closed();
        assertThat(claims.open(ClaimGoal.COMPACTION, 1)).as("no unit is in use").isNull();
        OpenClaims ofNoSlabs = new OpenClaims(null);
        assertThat(ofNoSlabs.open(ClaimGoal.PERSISTENT, 4096)).isNull();
        assertThat(claims.anySince(before) || ofNoSlabs.anySince(0)).isFalse();
    }

    @Test
    void aBackendThatFailsLeavesNoClaimOpen() {
        LocatedBackend failing = (LocatedBackend) Proxy.newProxyInstance(
                LocatedBackend.class.getClassLoader(),
                new Class<?>[] {LocatedBackend.class},
                (proxy, method, arguments) -> {
                    throw new IllegalStateException("as planned");
                });
        OpenClaims broken = new OpenClaims(failing);
        assertThatThrownBy(() -> broken.open(ClaimGoal.PERSISTENT, 1)).hasMessage("as planned");
        assertThat(broken.anySince(broken.closed())).isFalse();
    }
}
