package io.github.tmem.tiering.chain;

import io.github.tmem.api.Refusal;
import io.github.tmem.tiering.directory.PoolLedger;
import java.lang.System.Logger.Level;

/** Logs the first refusal of each reason in each pool, with what can be done about it; the others are only counted. */
final class RefusalLog {
    private static final System.Logger LOG = System.getLogger(RefusalLog.class.getName());

    private RefusalLog() {}

    static void note(PoolLedger pool, Refusal reason) {
        if (pool.isFirstRefusal(reason)) {
            LOG.log(
                    level(reason),
                    () -> "pool " + pool.config().name() + " refused a put as " + reason + ": " + advice(pool, reason)
                            + "; further puts refused for this reason are only counted");
        }
    }

    private static Level level(Refusal reason) {
        return switch (reason) {
            case UNAVAILABLE, WRONG_INDEX -> Level.WARNING;
            case OUTDATED -> Level.DEBUG;
            default -> Level.INFO;
        };
    }

    private static String advice(PoolLedger pool, Refusal reason) {
        return switch (reason) {
            case FULL -> "no tier has room; give the chain more capacity, or let tiers evict pages (when-full)";
            case DIRECTORY_FULL -> "no entry is free; give the directory more memory (directory)";
            case UNAVAILABLE -> "a tier did not answer; look whether it can be reached";
            case FROZEN -> "what could have taken the page is frozen; thaw it";
            case POOR_COMPRESSION ->
                "the page does not compress, and the tiers want only such as do; let one accept others (incompressible)";
            case DECLINED -> "no tier takes pages of this kind and length; add one that does";
            case WRONG_INDEX ->
                "the pool has only " + Long.toUnsignedString(pool.config().indexes())
                        + " indexes; use lower ones, or open it with more (indexes)";
            case OVER_QUOTA -> "its quota is used up; give it more (quota), or flush pages of it";
            case OUTDATED -> "the page changed while it was read from its source; nothing is wrong";
        };
    }
}
