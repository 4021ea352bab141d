package io.github.tmem.kit.contract;

import io.github.tmem.api.PageKind;
import io.github.tmem.kit.Pages;

/**
 * A copy a suite put. Its bytes follow from the copy id, so that two copies never look the same.
 *
 * @param locator where the backend stored it; or the outcome, when it did not
 */
record Copy(long copyId, PageKind kind, int owner, int length, long locator) {

    byte[] bytes() {
        return Pages.noise(copyId, length);
    }

    boolean stored() {
        return locator >= 0;
    }
}
