package io.github.tmem.node.store;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.node.peer.RunningNode;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two programs that share a pool of a node: what one gets the other misses. The first is behind a relay. */
abstract class TwoPrograms {
    static final ObjectId FILE = ObjectId.of(7);
    static final int SIZE = 512;
    static final PoolConfig EXCLUSIVE = PoolConfig.persistent("handed")
            .withPageSize(SIZE)
            .sharedAs(new UUID(1, 2))
            .withGetMode(GetMode.EXCLUSIVE);

    RunningNode node;
    Relay relay;
    PageStore store;
    PageStore other;
    PagePool pool;
    PagePool others;

    /** Connects the first to the port of the relay. */
    abstract PageStore connect(int port);

    @BeforeEach
    void open() throws IOException {
        node = new RunningNode();
        relay = new Relay(node.address());
        store = connect(relay.port());
        other = Remote.connect(node.port());
        pool = store.pool(EXCLUSIVE);
        others = other.pool(EXCLUSIVE);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        other.close();
        relay.close();
        node.close();
    }
}
