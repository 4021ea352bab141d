package io.github.tmem.kit.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.kit.PageKey;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ModelPoolTest {

    private static final PageKey KEY = PageKey.of(1, 1);
    private static final PutResult STORED = PutResult.storedIn("heap");

    private final ModelPool ephemeral = new ModelPool(PageKind.EPHEMERAL, GetMode.EXCLUSIVE);
    private final ModelPool persistent = new ModelPool(PageKind.PERSISTENT, GetMode.INCLUSIVE);

    private static void assertForbidden(ThrowingCallable result) {
        assertThatThrownBy(result).isInstanceOf(AssertionError.class);
    }

    @Test
    void anEphemeralPageMayVanishButNotComeBack() {
        ephemeral.put(KEY, 1, STORED);
        ephemeral.put(KEY, 2, STORED);
        assertForbidden(() -> ephemeral.get(KEY, GetResult.HIT, 1));
        ephemeral.get(KEY, GetResult.MISS, 0);
        assertForbidden(() -> ephemeral.get(KEY, GetResult.HIT, 2));
        assertForbidden(() -> ephemeral.contains(KEY, true));
        ephemeral.put(KEY, 3, STORED);
        ephemeral.contains(KEY, false);
        assertForbidden(() -> ephemeral.flush(KEY, true));
        assertForbidden(() -> ephemeral.pageCount(1));
    }

    @Test
    void anExclusiveHitTakesThePage() {
        ephemeral.put(KEY, 1, STORED);
        ephemeral.get(KEY, GetResult.HIT, 1);
        assertForbidden(() -> ephemeral.get(KEY, GetResult.HIT, 1));
    }

    @Test
    void aPersistentPageStays() {
        persistent.put(KEY, 1, STORED);
        persistent.get(KEY, GetResult.HIT, 1);
        assertForbidden(() -> persistent.get(KEY, GetResult.MISS, 0));
        assertForbidden(() -> persistent.get(KEY, GetResult.UNAVAILABLE, 0));
        assertForbidden(() -> persistent.get(KEY, GetResult.LOST, 0));
        assertForbidden(() -> persistent.contains(KEY, false));
        assertForbidden(() -> persistent.flush(KEY, false));
        assertForbidden(() -> persistent.flushObject(KEY.object(), 0));
        persistent.flushObject(KEY.object(), 1);
        persistent.get(KEY, GetResult.MISS, 0);
    }

    @Test
    void aRefusedPutLeavesNothing() {
        persistent.put(KEY, 1, STORED);
        persistent.put(KEY, 2, PutResult.refused(Refusal.FULL));
        assertForbidden(() -> persistent.get(KEY, GetResult.HIT, 1));
        assertForbidden(() -> persistent.get(KEY, GetResult.HIT, 2));
        persistent.get(KEY, GetResult.MISS, 0);
    }

    @Test
    void withFaultsALostPageStaysLost() {
        persistent.expectOutages();
        persistent.expectLosses();
        persistent.put(KEY, 1, STORED);
        persistent.get(KEY, GetResult.UNAVAILABLE, 0);
        persistent.get(KEY, GetResult.HIT, 1);
        persistent.get(KEY, GetResult.LOST, 0);
        assertForbidden(() -> persistent.get(KEY, GetResult.HIT, 1));
        assertForbidden(() -> persistent.get(KEY, GetResult.UNAVAILABLE, 0));
        assertForbidden(() -> persistent.get(KEY, GetResult.MISS, 0));
        persistent.put(KEY, 2, STORED);
        persistent.get(KEY, GetResult.HIT, 2);
    }

    @Test
    void afterAnOutageThePageIsBack() {
        persistent.put(KEY, 1, STORED);
        persistent.expectOutages();
        persistent.get(KEY, GetResult.UNAVAILABLE, 0);
        assertForbidden(() -> persistent.get(KEY, GetResult.LOST, 0));
        persistent.outagesEnded();
        assertForbidden(() -> persistent.get(KEY, GetResult.UNAVAILABLE, 0));
        persistent.get(KEY, GetResult.HIT, 1);
    }
}
