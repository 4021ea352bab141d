package io.github.tmem.tiering.directory;

import java.io.Serial;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for less time than it takes to put a thread to sleep and wake it: whoever wants it tries for a
 * moment, and when its holder has lost the processor sleeps for a moment and tries again. A platform thread that is not
 * interrupted never stands in the lock's queue, which takes an object for each who does: nothing is allocated on the way of a
 * put. Nobody holds two locks of one family at a time, or those who take them in another order would wait for each other for
 * ever.
 */
class PatientLock extends ReentrantLock {
    private static final int TRIES_MAX = 512;

    private static final long NAP_NANOS = 20_000;

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Visits visits = new Visits();

    /** All locks of the family, this one included; complete before the first is taken. */
    private final transient PatientLock[] family;

    PatientLock(PatientLock[] family) {
        this.family = family;
    }

    Visits visits() {
        return visits;
    }

    @Override
    public void lock() {
        assert noOtherIsHeld() : "two locks at a time";
        for (int tries = 1; !tryLock(); tries++) {
            if (tries % TRIES_MAX != 0) {
                Thread.onSpinWait();
            } else if (Thread.currentThread().isInterrupted()) {
                super.lock(); // who is interrupted sleeps nowhere else
                return;
            } else {
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
    }

    @Override
    public void unlock() {
        assert visits.end();
        super.unlock();
    }

    private boolean noOtherIsHeld() {
        for (PatientLock lock : family) {
            if (!lock.equals(this) && lock.isHeldByCurrentThread()) {
                return false;
            }
        }
        return true;
    }
}
