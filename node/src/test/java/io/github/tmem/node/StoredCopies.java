package io.github.tmem.node;

import io.github.tmem.kit.process.Resp;
import java.io.IOException;
import java.util.List;

/** What a remote tier keeps in the server at a port of this machine. */
final class StoredCopies {
    private static final int ENOUGH = 20;
    private static final int LOOKED_AT_MAX = 1000;

    private StoredCopies() {}

    /** Whether the server answers and there are persistent pages, which bear no time to live, and not just a few. */
    static boolean hasPersistent(int port) {
        try (Resp client = new Resp(port)) {
            List<String> scan =
                    client.command("SCAN", "0", "COUNT", "10000").lines().toList();
            int found = 0;
            for (String key : scan.stream().skip(1).limit(LOOKED_AT_MAX).toList()) {
                found += client.command("PTTL", key).equals("-1") ? 1 : 0;
                if (found >= ENOUGH) {
                    return true;
                }
            }
            return false;
        } catch (IOException notNow) {
            return false;
        }
    }
}
