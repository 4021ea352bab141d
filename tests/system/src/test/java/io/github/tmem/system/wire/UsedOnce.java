package io.github.tmem.system.wire;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.kit.process.PeerProcess;
import io.github.tmem.kit.process.Place;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Uses the client's libraries before the tests of a class: what they take for good when they are first used is no test's leak. */
final class UsedOnce implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        try (PeerProcess peer = Peer.REDIS.start(Place.LOOPBACK)) {
            use(peer);
        }
    }

    /** Puts and gets pages in a peer. */
    static void use(PeerProcess peer) {
        try (FarStore far =
                FarStore.of(PageKind.PERSISTENT, GetMode.INCLUSIVE, FarStore.tier(peer, FarStore.PATIENT))) {
            for (int index = 0; index < 100; index++) {
                far.putAndGetAtLast(index, 1);
            }
        }
    }
}
