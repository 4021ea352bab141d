package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Look;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One backend in its chain: the choke point through which every call to it passes. Counts unanswered calls, keeps the byte
 * budget of keyed engines, gives every attempt a copy id of its own, and owes the frees a backend did not acknowledge.
 * Thread-safe; holds no lock during a backend call.
 */
final class Tier {
    /** The answer of a tier that takes no pages for now; no outcome of a backend's. */
    static final int FROZEN = -7;

    /** Frees that are worth one call of a backend. */
    static final int FREES_AT_ONCE = 512;

    private static final System.Logger LOG = System.getLogger(Tier.class.getName());

    private final int number;
    private final String name;
    private final Backend backend;
    private final Admission admission;
    private final boolean local;
    private final AtomicLong copyIds;
    private final Runnable onOwed;
    private final @Nullable ByteBudget budget;
    private final StoredResults storedHere;
    private final TierCounters counters = new TierCounters();
    private final OwedFrees owed = new OwedFrees();

    /** Whether the tier has been full and ephemeral puts pass it by until it falls below its low watermark. */
    private volatile boolean passedBy;

    private volatile boolean open = true;

    private volatile TierConfig config;
    private volatile int codec;
    private volatile Limits limits;

    /** What a chain knows of a tier before it runs. */
    record Setup(int number, String name, TierConfig config, int codec, long capacity) {}

    Tier(Setup setup, Backend backend, AtomicLong copyIds, Runnable onOwed) {
        this.onOwed = onOwed;
        this.number = setup.number();
        this.name = setup.name();
        this.config = setup.config();
        this.codec = setup.codec();
        this.limits = Limits.of(setup.capacity(), config);
        this.backend = backend;
        Capabilities capabilities = backend.capabilities();
        this.local = capabilities.latency() == Latency.LOCAL;
        this.admission = Admission.of(capabilities);
        this.copyIds = copyIds;
        this.budget = capabilities.addressing() == Addressing.KEYED ? new ByteBudget(setup.capacity()) : null;
        this.storedHere = StoredResults.in(name);
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    TierConfig config() {
        return config;
    }

    int codec() {
        return codec;
    }

    long capacity() {
        return limits.capacity();
    }

    /**
     * From now on the backend keeps to so many bytes, or to a few less.
     *
     * @return to how many
     * @throws ConfigException if it cannot; nothing has changed then
     */
    long limit(long bytes) {
        ByteBudget charged = budget;
        if (charged == null) {
            return backend.resize(bytes);
        }
        long kept = charged.capacity();
        charged.resize(Math.min(bytes, kept)); // less before the engine has less, more when it has more
        try {
            kept = backend.resize(bytes);
        } finally {
            charged.resize(kept);
        }
        return kept;
    }

    /** Notes the capacity that the tier has from now on, and its configuration. */
    void resized(TierConfig changed, long capacity) {
        config = changed;
        limits = Limits.of(capacity, changed);
    }

    /** From now on pages are kept under this codec. */
    void recode(TierConfig changed, int newCodec) {
        config = changed;
        codec = newCodec;
    }

    Backend backend() {
        return backend;
    }

    TierCounters counters() {
        return counters;
    }

    OwedFrees owed() {
        return owed;
    }

    StoredResults storedHere() {
        return storedHere;
    }

    boolean isLocal() {
        return local;
    }

    @Nullable
    LocatedBackend located() {
        return backend instanceof LocatedBackend located ? located : null;
    }

    FullAction whenFull(PageKind kind) {
        return kind == PageKind.EPHEMERAL
                ? config.whenFull().ephemeral()
                : config.whenFull().persistent();
    }

    /** Whether this tier takes the encoded bytes of {@code page} for a pool of this kind. */
    boolean accepts(PageKind kind, PageBuffer page) {
        return judge(kind, page) == Admission.ADMITTED;
    }

    /** {@link Admission#ADMITTED}, or what this tier answers to pages that it does not take, whatever its room. */
    int judge(PageKind kind, PageBuffer page) {
        return admission.judge(kind, page, config);
    }

    /**
     * Stores the encoded bytes of {@code page} as a new copy.
     *
     * @return the locator, or {@link Outcome#FULL}, {@link Outcome#DECLINED}, {@link Outcome#UNAVAILABLE}
     */
    long put(PageKind kind, int owner, PageBuffer page) {
        if (!open) {
            return FROZEN;
        }
        if (owed.areMany()) {
            return Outcome.UNAVAILABLE;
        }
        if (!reserve(kind, page.length())) {
            return Outcome.FULL;
        }
        long copyId = copyIds.incrementAndGet();
        boolean answered = false;
        try {
            long result = backend.put(copyId, kind, owner, page.encoded(), page.length());
            answered = true;
            return afterPut(copyId, page.length(), result);
        } finally {
            if (!answered && budget != null) {
                owe(copyId, page.length()); // it failed in an unknown state
            }
        }
    }

    /** As {@link #put}, without waiting; {@code page} must rest until the completion. What is thrown here may come before it. */
    void putAsync(PageKind kind, int owner, PageBuffer page, Completion completion) {
        int length = page.length();
        long copyId = copyIds.incrementAndGet();
        FirstAnswer answer = new FirstAnswer(this, copyId, length, completion);
        if (!open || !reserve(kind, length)) {
            completion.complete(open ? Outcome.FULL : FROZEN);
            return;
        }
        boolean sent = false;
        try {
            backend.putAsync(copyId, kind, owner, page.encoded(), length, answer);
            sent = true;
        } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, "tier " + name + " failed to take a copy", failure);
        } finally {
            if (!sent) {
                answer.complete(Outcome.UNAVAILABLE);
            }
        }
    }

    /** Stores the encoded bytes of {@code page} in claimed room. */
    long putClaimed(Claim claim, PageKind kind, int owner, PageBuffer page) {
        long copyId = copyIds.incrementAndGet();
        return afterPut(copyId, page.length(), claim.put(copyId, kind, owner, page.encoded(), page.length()));
    }

    private boolean reserve(PageKind kind, int length) {
        return budget == null || budget.reserve(kind, length);
    }

    /** Books the answer to a put; returns what it means. */
    long afterPut(long copyId, int length, long result) {
        if (result >= 0) {
            assert budget == null || result == copyId : "a keyed backend's locator is the copy id";
            return result;
        }
        if (result == Outcome.UNAVAILABLE || result == Outcome.NOT_SENT) {
            counters.unanswered.increment();
        }
        if (budget != null) {
            settleFailedPut(budget, copyId, length, result);
        }
        return result == Outcome.NOT_SENT ? Outcome.UNAVAILABLE : result;
    }

    /** A copy that was certainly not stored gives its room back; an unknown outcome keeps it until its free is paid. */
    private void settleFailedPut(ByteBudget charged, long copyId, int length, long result) {
        if (result == Outcome.FULL || result == Outcome.DECLINED || result == Outcome.NOT_SENT) {
            charged.release(length);
        } else {
            owe(copyId, length);
        }
    }

    /**
     * Reads the copy that {@code look} names into {@code page}, and checks it.
     *
     * @return the length that was looked for; else an {@link Outcome}, or a length that is wrong
     */
    int get(Look look, PageBuffer page) {
        page.expect(look.codec(), look.length(), look.crc());
        int result = backend.get(look.locator(), page.encoded(), look.length());
        if (result == Outcome.UNAVAILABLE) {
            counters.unanswered.increment();
        }
        return result != look.length() || page.isIntact() ? result : Outcome.CORRUPT;
    }

    /** Frees the copy that {@code look} names. */
    void free(Look look) {
        free(look.locator(), look.length());
    }

    /** Frees a copy: at once in local tiers, in the background in slow ones. */
    void free(long locator, int length) {
        if (isLocal()) {
            freeNow(locator, length);
        } else {
            owe(locator, length);
        }
    }

    private void owe(long locator, int length) {
        owed.add(locator, length);
        onOwed.run();
    }

    /** Frees a copy, waiting for the backend; owes it if the backend does not answer, or cannot. Returns whether it did. */
    boolean freeNow(long locator, int length) {
        boolean answered = false;
        try {
            answered = backend.flush(locator) != Outcome.UNAVAILABLE;
        } catch (RuntimeException | VirtualMachineError failure) {
            logUnflushed(failure);
        } finally {
            if (answered) {
                released(length);
            } else {
                counters.unanswered.increment();
                owe(locator, length);
            }
        }
        return answered;
    }

    private void logUnflushed(Throwable failure) {
        LOG.log(Level.WARNING, "tier " + name + " failed to flush copies; it will be asked again", failure);
    }

    private void released(long bytes) {
        if (budget != null) {
            budget.release(bytes);
        }
    }

    /**
     * Pays up to {@code most} owed frees in one call of the backend.
     *
     * @return whether every one of them was answered
     */
    boolean payOwed(int most) {
        OwedFrees.Batch batch = owed.take(most);
        try {
            backend.flushAll(batch.locators(), batch.count(), batch.outcomes());
        } catch (RuntimeException failure) {
            logUnflushed(failure);
        } finally {
            released(batch.paidBytes());
            owed.settle(batch);
        }
        boolean paid = batch.isPaid();
        if (!paid) {
            counters.unanswered.increment();
        }
        return paid;
    }

    boolean isKeptForPersistent() {
        return budget != null && budget.isKeptForPersistent();
    }

    /** The byte budget of a keyed tier, null for others. */
    @Nullable
    ByteBudget budget() {
        return budget;
    }

    /** What is taken from the capacity: of a keyed tier the bytes counted here, or all that an engine in memory says it takes. */
    long usedBytes() {
        if (budget == null) {
            return backend.usedBytes();
        }
        return local ? Math.max(budget.used(), backend.usedBytes()) : budget.used();
    }

    boolean isAboveHigh() {
        return usedBytes() > limits.high();
    }

    /** How far the tier is above its low watermark; 0 or less when it is not. */
    long bytesAboveLow() {
        return usedBytes() - limits.low();
    }

    boolean isAboveLow() {
        return usedBytes() > limits.low();
    }

    /** Whether the tier takes pages. */
    boolean isOpen() {
        return open;
    }

    /** From now on the tier takes no pages; those it has can be read, moved out and freed. */
    void freeze() {
        open = false;
    }

    void thaw() {
        open = true;
    }

    /** Notes that an ephemeral put found a forwarding tier full. */
    void passBy() {
        passedBy = true;
    }

    /** Whether ephemeral puts still pass the tier by: hysteresis between full and the low watermark. */
    boolean isPassedBy() {
        if (passedBy && !isAboveLow()) {
            passedBy = false;
        }
        return passedBy;
    }
}
