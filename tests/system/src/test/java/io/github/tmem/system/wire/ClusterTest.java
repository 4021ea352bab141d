package io.github.tmem.system.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.kit.NoLeaks;
import io.github.tmem.kit.process.RedisCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store over a Redis cluster of which a master is killed. */
@Tag("long")
@Tag(NoLeaks.NETWORK)
@Timeout(300)
@ExtendWith(UsedOnce.class)
class ClusterTest {
    private static final int PAGES = 1000;

    /** As {@link UsedOnce}, of what the client needs for clusters. */
    @BeforeAll
    static void useOnce() {
        try (RedisCluster cluster = RedisCluster.start(0);
                FarStore far =
                        FarStore.of(PageKind.PERSISTENT, GetMode.INCLUSIVE, FarStore.tier(cluster, FarStore.PATIENT))) {
            for (int index = 0; index < 100; index++) {
                far.putAndGetAtLast(index, 1);
            }
        }
    }

    /**
     * Whatever was stored is delivered in the end, or was on the master that is killed and is reported as lost: most of it is
     * on the replica, and all of it is lost if there is none.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void S46_aMasterThatIsKilledLosesNothingSilently(int replicas) {
        try (RedisCluster cluster = RedisCluster.start(replicas);
                FarStore far = FarStore.of(PageKind.PERSISTENT, GetMode.INCLUSIVE, FarStore.tier(cluster, "500ms"))) {
            List<Long> stored = new ArrayList<>();
            for (long index = 0; index < PAGES; index++) {
                if (index == PAGES / 2) {
                    cluster.servers().getFirst().kill();
                }
                if (far.put(index, 1).stored()) {
                    stored.add(index);
                }
            }
            if (replicas == 0) {
                cluster.servers().getFirst().restart();
            }
            assertThat(stored).hasSizeGreaterThan(PAGES / 3);
            long lost = stored.stream().filter(index -> isLost(far, index)).count();
            assertThat(lost).isLessThan(replicas == 0 ? PAGES / 2 : PAGES / 10);
            assertThat(far.pool().stats().lostPages()).isEqualTo(lost);
            far.pool().flushObject(WirePages.FILE);
            far.settle();
        }
    }

    private static boolean isLost(FarStore far, long index) {
        try {
            assertThat(far.getAtLast(index)).isEqualTo(1);
            return false;
        } catch (PageLostException e) {
            return true;
        }
    }
}
