package io.github.tmem.memory;

import io.github.tmem.kit.contract.PatientLockContract;

class StripeTest extends PatientLockContract {
    StripeTest() {
        super(new Stripe());
    }
}
