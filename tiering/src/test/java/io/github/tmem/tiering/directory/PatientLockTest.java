package io.github.tmem.tiering.directory;

import io.github.tmem.kit.contract.PatientLockContract;

class PatientLockTest extends PatientLockContract {
    PatientLockTest() {
        super(new PatientLock(new PatientLock[0]));
    }
}
