package io.github.tmem.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Secret;
import io.github.tmem.node.peer.RunningNode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two programs that share pools of a node by their UUID. */
@Timeout(120)
class SharingTest {
    private static final ObjectId FILE = ObjectId.of(7);
    private static final int SIZE = 512;
    private static final UUID SHARED = new UUID(3, 4);

    private RunningNode node;
    private PageStore one;
    private PageStore two;

    @BeforeEach
    void connect() {
        node = new RunningNode();
        one = Remote.connect(node.port());
        two = Remote.connect(node.port());
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        node.close();
    }

    private static Secret secret(String text) {
        return Secret.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static PoolConfig settings(String name, String secret) {
        return PoolConfig.persistent(name).withPageSize(SIZE).sharedAs(SHARED, secret(secret));
    }

    @Test
    void whatOneHasDoneTheOtherSees() {
        PagePool mine = one.pool(settings("mine", "s"));
        PagePool yours = two.pool(settings("yours", "s"));
        byte[] page = new byte[SIZE];
        for (int version = 1; version <= 20; version++) {
            mine.put(FILE, 1, Remote.page(SIZE, version));
            assertThat(yours.get(FILE, 1, page)).isTrue();
            assertThat(page).isEqualTo(Remote.page(SIZE, version));
        }
        assertThat(yours.flush(FILE, 1)).isTrue();
        assertThat(mine.get(FILE, 1, page)).isFalse();
        long token = mine.fillToken(FILE, 2);
        yours.put(FILE, 2, Remote.page(SIZE, 2));
        assertThat(mine.put(FILE, 2, Remote.page(SIZE, 1), token).stored()).isFalse();
        mine.close();
        assertThat(yours.get(FILE, 2, page)).isTrue();
        assertThat(page).isEqualTo(Remote.page(SIZE, 2));
    }

    @Test
    void whoDoesNotKnowTheSecretIsTurnedAway() {
        one.pool(settings("mine", "s"));
        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> two.pool(settings("yours", "t")));
    }

    @Test
    void aPageThatIsTakenIsDeliveredOnce() {
        PoolConfig exclusive =
                PoolConfig.persistent("x").withPageSize(SIZE).sharedAs(SHARED).withGetMode(GetMode.EXCLUSIVE);
        PagePool mine = one.pool(exclusive);
        PagePool yours = two.pool(exclusive);
        for (int round = 1; round <= 30; round++) {
            mine.put(FILE, 1, Remote.page(SIZE, round));
            CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> yours.get(FILE, 1, new byte[SIZE]));
            boolean hit = mine.get(FILE, 1, new byte[SIZE]);
            assertThat(other.join()).isEqualTo(!hit);
        }
    }

    @Test
    void whatIsNotSharedIsNotSeen() {
        PagePool mine = one.persistent("own");
        mine.put(FILE, 1, new byte[4096]);
        assertThat(two.persistent("own").contains(FILE, 1)).isFalse();
        assertThat(one.persistent("swap").put(FILE, 1, new byte[4096]).stored()).isTrue();
        assertThat(two.persistent("swap").contains(FILE, 1))
                .as("declared by the node")
                .isTrue();
    }
}
