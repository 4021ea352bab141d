package io.github.tmem.tiering.directory;

import io.github.tmem.kit.contract.PatientLockContract;

class PatientLockTest extends PatientLockContract {
    private final PatientLock lock = new PatientLock(new PatientLock[0]);

    @Override
    protected void lock() {
        lock.lock();
    }

    @Override
    protected void unlock() {
        lock.unlock();
    }
}
