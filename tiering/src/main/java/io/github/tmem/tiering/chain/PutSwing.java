package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.chain.PutAttempt.EntryOrigin;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.EntryState;
import io.github.tmem.tiering.directory.Fences;
import io.github.tmem.tiering.directory.Linking;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.Stamps;
import io.github.tmem.tiering.directory.TrackedObject.Status;

/**
 * The last step of a put, under the shard's lock: the number is still attached, the entry's stamp is lower, or a fill's?
 * Then the page is the key's, and the older copy is freed; otherwise the put was overtaken and frees its own copy. The
 * rejection step is here too.
 *
 * <p>A fill asks in the same step whether the key has changed since its token was taken; then it is {@linkplain
 * PutAttempt#isOutdated outdated}, and its rejection step leaves newer pages alone.
 *
 * <p>A value of a blob pool replaces that of the other kind in the same step, so that a key never has two. Also one that was
 * flushed on its way does: who began before it must not be read after it.
 */
final class PutSwing {
    private final Directory directory;
    private final Fences fences;
    private final Stamps stamps;
    private final Tiers tiers;

    PutSwing(ChainParts parts) {
        this.directory = parts.directory();
        this.fences = directory.fences();
        this.stamps = parts.stamps();
        this.tiers = parts.tiers();
    }

    /** What the one step came to. */
    enum Swing {
        /** The page is the key's, or was overtaken. */
        ENDED,
        /** The entry to swing has gone. */
        ENTRY_GONE,
        /** The pool's quota has no room for the page; nothing has changed. */
        OVER_QUOTA
    }

    /** The one step that makes the page the key's, or finds it overtaken or outdated. */
    Swing swing(PutAttempt attempt, Scratch scratch) {
        return attempt.origin() == EntryOrigin.LINKED ? overwrite(attempt, scratch) : link(attempt, scratch);
    }

    /** The swing of the older entry, if the key still has it. */
    private Swing overwrite(PutAttempt attempt, Scratch scratch) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        Look old = scratch.look();
        Ending overtaken = null;
        boolean replaced = false;
        shard.lock();
        try {
            if (isOutdated(shard, attempt)) {
                return Swing.ENDED;
            }
            if (isEnded(attempt)) {
                overtaken = Ending.FLUSHED;
                replaced = unlinkTwin(shard, attempt, old);
            } else {
                int entry = attempt.object().isAttached() ? shard.find(attempt.object(), attempt.index()) : Shard.NONE;
                if (entry != Shard.NONE && attempt.isOvertakenBy(shard.stampOf(entry))) {
                    overtaken = Ending.REPLACED;
                } else if (entry == attempt.entry()) {
                    shard.look(entry, old);
                    if (!shard.overwrite(entry, attempt.stamp(), attempt.place())) {
                        return Swing.OVER_QUOTA;
                    }
                    linked(shard, attempt);
                } else {
                    return Swing.ENTRY_GONE;
                }
            }
        } finally {
            shard.unlock();
        }
        if (overtaken == null) {
            free(old);
        } else {
            giveUp(old, replaced);
            giveWay(attempt, overtaken);
        }
        return Swing.ENDED;
    }

    /** Ends the older value of the other kind of a key whose put was flushed on its way; whether there was one. */
    private boolean unlinkTwin(Shard shard, PutAttempt attempt, Look old) {
        int twin = directory.twinOf(shard, attempt.object(), attempt.index());
        if (twin == Shard.NONE || attempt.isOvertakenBy(shard.stampOf(twin))) {
            return false;
        }
        shard.look(twin, old);
        shard.unlink(twin, Ending.REPLACED);
        return true;
    }

    private int entryOf(Shard shard, PutAttempt attempt) {
        return directory.entryOf(shard, attempt.object(), attempt.index());
    }

    /** Frees entry and copy of a page that has been unlinked. */
    private void giveUp(Look old, boolean unlinked) {
        if (unlinked) {
            free(old);
            directory.give(old.entry());
        }
    }

    /** Whether the put is a fill whose key has changed since its token was taken. */
    boolean isOutdated(PutAttempt attempt) {
        if (!attempt.isFill() || attempt.isOutdated()) {
            return attempt.isOutdated();
        }
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        shard.lock();
        try {
            return isOutdated(shard, attempt);
        } finally {
            shard.unlock();
        }
    }

    /** The same under the lock of the key's shard. */
    boolean isOutdated(Shard shard, PutAttempt attempt) {
        if (attempt.isFill()
                && !isAwaited(shard, attempt)
                && fences.isRaisedTo(shard, attempt.object(), attempt.index(), attempt.stamp())) {
            attempt.outdated();
        }
        return attempt.isOutdated();
    }

    /**
     * Whether the key's entry waits for this put, which gave up its older copy: whoever changed the key since would have
     * changed the entry. Other keys share its fence, and theirs may have raised it (L5: the older page has gone by now).
     */
    private boolean isAwaited(Shard shard, PutAttempt attempt) {
        int entry = entryOf(shard, attempt);
        return entry != Shard.NONE
                && shard.stampOf(entry) == attempt.stamp()
                && shard.stateOf(entry) == EntryState.REPLACING;
    }

    private void linked(Shard shard, PutAttempt attempt) {
        attempt.linked();
        fences.raise(shard, attempt.object(), attempt.index(), stamps);
    }

    /** Whether the page was flushed with its object or its pool. */
    private static boolean isEnded(PutAttempt attempt) {
        return attempt.object().status() == Status.DETACHED || attempt.pool().isClosed();
    }

    /** Another operation came later and ended the page. */
    private void giveWay(PutAttempt attempt, Ending overtaken) {
        attempt.pool().countOvertaken(overtaken);
        freeOwnCopy(attempt);
        giveOwnEntry(attempt);
    }

    /** The swing of an entry of one's own. */
    private Swing link(PutAttempt attempt, Scratch scratch) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        Look old = scratch.look();
        while (true) {
            Ending overtaken = null;
            boolean replaced = false;
            Linking linking = Linking.DETACHED;
            directory.fillIn(attempt.entry(), attempt.object(), attempt.index(), attempt.place());
            shard.lock();
            try {
                if (isOutdated(shard, attempt)) {
                    return Swing.ENDED;
                }
                if (isEnded(attempt)) {
                    overtaken = Ending.FLUSHED;
                    replaced = unlinkTwin(shard, attempt, old);
                } else if (attempt.object().isAttached()) {
                    int older = entryOf(shard, attempt);
                    if (older != Shard.NONE && attempt.isOvertakenBy(shard.stampOf(older))) {
                        overtaken = Ending.REPLACED;
                    } else {
                        linking = shard.link(attempt.entry(), attempt.stamp(), attempt.object(), older);
                        if (linking == Linking.LINKED) {
                            linked(shard, attempt);
                        }
                        replaced = linking == Linking.LINKED && older != Shard.NONE;
                        if (replaced) {
                            shard.look(older, old);
                            shard.unlinkOlder(older);
                        }
                    }
                }
            } finally {
                shard.unlock();
            }
            giveUp(old, replaced);
            if (overtaken != null) {
                giveWay(attempt, overtaken);
            }
            if (linking == Linking.OVER_QUOTA) {
                return Swing.OVER_QUOTA;
            }
            if (linking == Linking.LINKED || overtaken != null) {
                return Swing.ENDED;
            }
            attempt.object(directory.acquire(
                    attempt.pool(), attempt.object().id())); // it was empty and retired, which is not flushed
        }
    }

    /**
     * The rejection step (L3): removes the older entry, and gives back what the attempt has in hand. A fill that turns out to be
     * outdated leaves what it found: it gives no copy up, or what came after that has taken its place.
     */
    void withdraw(PutAttempt attempt, Scratch scratch) {
        Shard shard = directory.shardOf(attempt.object(), attempt.index());
        Look look = scratch.look();
        boolean removed = false;
        shard.lock();
        try {
            if (attempt.isLinked() || !isOutdated(shard, attempt)) { // a linked fill has raised the fence itself
                int entry = entryOf(shard, attempt);
                if (entry != Shard.NONE && attempt.takesAlong(shard.stampOf(entry))) {
                    shard.look(entry, look);
                    shard.unlink(entry, Ending.REPLACED);
                    removed = true;
                }
                fences.raise(shard, attempt.object(), attempt.index(), stamps);
            }
        } finally {
            shard.unlock();
        }
        giveUp(look, removed);
        freeOwnCopy(attempt);
        giveOwnEntry(attempt);
    }

    private void giveOwnEntry(PutAttempt attempt) {
        if (attempt.origin() == EntryOrigin.TAKEN) {
            int entry = attempt.entry();
            attempt.entryGone();
            directory.give(entry);
        }
    }

    void freeOwnCopy(PutAttempt attempt) {
        if (attempt.hasCopy()) {
            attempt.copyGone();
            tiers.numbered(attempt.place().tier())
                    .free(attempt.place().locator(), attempt.place().length());
        }
    }

    private void free(Look look) {
        if (look.state() == EntryState.STORED) {
            tiers.numbered(look.tier()).free(look);
        }
    }
}
