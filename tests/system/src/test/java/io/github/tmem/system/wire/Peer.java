package io.github.tmem.system.wire;

import io.github.tmem.kit.process.NodeProcess;
import io.github.tmem.kit.process.PeerProcess;
import io.github.tmem.kit.process.Place;
import io.github.tmem.kit.process.RedisServer;

/** The programs that a remote tier can have at its other end. */
enum Peer {
    /** A node of ours. */
    NODE {
        @Override
        PeerProcess start(Place place) {
            return NodeProcess.startAt(place, "chains: {default: [{tier: offheap, capacity: 64MiB}]}");
        }
    },
    /** A {@code redis-server}. */
    REDIS {
        @Override
        PeerProcess start(Place place) {
            return RedisServer.startAt(place);
        }
    };

    abstract PeerProcess start(Place place);
}
