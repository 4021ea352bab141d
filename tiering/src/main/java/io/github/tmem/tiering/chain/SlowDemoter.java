package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.PageCodec;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.tiering.chain.Mover.Move;
import io.github.tmem.tiering.chain.Victims.Drop;
import io.github.tmem.tiering.codec.Codecs;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.Place;
import io.github.tmem.tiering.directory.Shard;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Moves ephemeral pages down into a tier with latency, many copies in flight at a time. Each page follows the steps of
 * every move; only the waiting is shared. Belongs to the background thread.
 */
final class SlowDemoter implements AutoCloseable {
    /** What {@link #demoteBatch} says when the lower tier does not answer. */
    static final long NO_ANSWER = -1;

    private static final int IN_FLIGHT_MAX = 64;

    /** The result of a flight that has not landed; no outcome. */
    private static final long ALOFT = Long.MIN_VALUE;

    private final Victims victims;
    private final Mover mover;
    private final Sampler sampler;
    private final Codecs codecs;
    private final Look spareLook = new Look();
    private final Flight[] flights = new Flight[IN_FLIGHT_MAX];
    private final Semaphore landed = new Semaphore(0);
    private PageCodec[] opened;

    /** How many of the flights have begun. */
    private int launched;

    SlowDemoter(Victims victims, Mover mover, Sampler sampler, Codecs codecs) {
        this.victims = victims;
        this.mover = mover;
        this.sampler = sampler;
        this.codecs = codecs;
        opened = fill(codecs.open());
    }

    private PageCodec[] fill(PageCodec[] fresh) {
        for (int i = 0; i < flights.length; i++) {
            flights[i] = new Flight(new PageBuffer(fresh), landed);
        }
        return fresh;
    }

    /** One copy on its way. */
    private static final class Flight {
        private final PageBuffer page;
        private final Look look = new Look();
        private final Place place = new Place();
        private final AtomicLong result = new AtomicLong();
        private final Semaphore landed;
        private long begun;

        Flight(PageBuffer page, Semaphore landed) {
            this.page = page;
            this.landed = landed;
        }

        private void land(long outcome) {
            if (result.compareAndSet(ALOFT, outcome)) {
                landed.release();
            }
        }
    }

    /**
     * Moves up to a batch of pages, beginning with those of {@code near}. After one that the lower tier declines to be asked
     * about, no other is read.
     *
     * @return how many bytes left the upper tier; 0 when nothing could be moved, {@link #NO_ANSWER} when that is because the
     *     lower tier did not answer
     */
    long demoteBatch(Tier from, Tier to, Shard near) {
        if (opened.length != codecs.count()) {
            PageCodec[] fresh = codecs.open();
            close();
            opened = fill(fresh);
        }
        long bytes = 0;
        launched = 0;
        boolean away = false;
        try {
            for (int tries = 0;
                    tries < flights.length
                            && !away
                            && victims.hideOne(from, PageKind.EPHEMERAL, near, 0, flights[launched].look);
                    tries++) {
                Flight flight = flights[launched];
                if (launch(flight, from, to)) {
                    away = flight.result.get() == Outcome.UNAVAILABLE;
                } else {
                    bytes += flight.look.length();
                }
            }
        } finally {
            landed.acquireUninterruptibly(launched);
            for (int i = 0; i < launched; i++) {
                away |= flights[i].result.get() == Outcome.UNAVAILABLE;
            }
            bytes += concludeFrom(0, from, to);
        }
        return bytes == 0 && away ? NO_ANSWER : bytes;
    }

    /** Sends one hidden page on its way; one that cannot go is dropped. */
    private boolean launch(Flight flight, Tier from, Tier to) {
        flight.begun = sampler.begin();
        boolean ready = false;
        boolean failed = true;
        try {
            ready = load(flight, from, to);
            failed = false;
        } finally {
            if (failed) {
                mover.stay(flight.look);
            } else if (!ready) {
                mover.drop(flight.look, from);
            }
        }
        if (ready) {
            send(flight, to);
        }
        return ready;
    }

    /** From here on the flight lands, even if this throws. */
    private void send(Flight flight, Tier to) {
        flight.result.set(ALOFT);
        launched++;
        boolean sent = false;
        try {
            to.putAsync(PageKind.EPHEMERAL, flight.look.entry(), flight.page, flight::land);
            sent = true;
        } finally {
            if (!sent) {
                flight.land(Outcome.UNAVAILABLE);
            }
        }
    }

    private boolean load(Flight flight, Tier from, Tier to) {
        if (!mover.read(flight.look, from, flight.page)) {
            return false;
        }
        if (!mover.recode(from, to, flight.page)) {
            mover.settleDamage(flight.look, from, flight.look.length(), flight.page);
            return false;
        }
        boolean accepted = mover.fits(flight.look, to, flight.page);
        if (!accepted) {
            to.counters().movesRefused.increment();
        }
        return accepted;
    }

    /** Ends all flights from this one on, those behind one that throws as well. */
    private long concludeFrom(int first, Tier from, Tier to) {
        long bytes = 0;
        if (first < launched) {
            try {
                bytes = conclude(flights[first], from, to);
            } finally {
                bytes += concludeFrom(first + 1, from, to);
            }
        }
        return bytes;
    }

    private long conclude(Flight flight, Tier from, Tier to) {
        boolean ended = false;
        try {
            long bytes = end(flight, from, to);
            ended = true;
            return bytes;
        } finally {
            if (!ended) {
                mover.stay(flight.look);
            }
        }
    }

    private long end(Flight flight, Tier from, Tier to) {
        long locator = flight.result.get();
        if (locator == Outcome.FULL
                && victims.dropOne(to, flight.look.shard(), flight.page.length(), spareLook) == Drop.DROPPED) {
            locator = to.put(PageKind.EPHEMERAL, flight.look.entry(), flight.page);
        }
        Move move = Move.NO_ROOM;
        if (locator >= 0) {
            flight.place.stored(to.number(), locator, flight.page.codec(), flight.page.length(), flight.page.crc());
            move = mover.swing(flight.look, from, to, flight.place);
        }
        if (move == Move.MOVED) {
            Victims.countDemotion(from, to);
            sampler.end(flight.begun, Operation.DEMOTE, to.name());
        } else if (locator == Outcome.UNAVAILABLE) {
            to.counters().movesRefused.increment();
            mover.stay(flight.look);
            return 0;
        } else if (move == Move.NO_ROOM) {
            to.counters().movesRefused.increment();
            mover.drop(flight.look, from);
        }
        return flight.look.length();
    }

    @Override
    public void close() {
        for (PageCodec codec : opened) {
            codec.close();
        }
    }
}
