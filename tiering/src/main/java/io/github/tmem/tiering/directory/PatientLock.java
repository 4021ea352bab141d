package io.github.tmem.tiering.directory;

import java.io.Serial;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for less time than it takes to put a thread to sleep and wake it: whoever wants it tries for a
 * moment before queueing up, which also spares the queue's node (nothing is allocated on the way of a put). Nobody holds two
 * locks of one family at a time, or those who take them in another order would wait for each other for ever.
 */
class PatientLock extends ReentrantLock {
    private static final int TRIES_MAX = 512;

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
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            if (tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        super.lock();
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
