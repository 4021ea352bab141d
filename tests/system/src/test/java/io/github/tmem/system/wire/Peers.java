package io.github.tmem.system.wire;

import io.github.tmem.kit.process.PeerProcess;
import io.github.tmem.kit.process.Place;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One process of each sort of peer for all tests of a class, each started when it is first asked for. */
final class Peers implements AfterAllCallback {
    private final Map<Peer, PeerProcess> started = new EnumMap<>(Peer.class);

    PeerProcess get(Peer peer) {
        return started.computeIfAbsent(peer, sort -> sort.start(Place.LOOPBACK));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        started.values().forEach(PeerProcess::close);
        started.clear();
    }
}
