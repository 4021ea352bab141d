package io.github.tmem.bench.replay;

import io.github.tmem.node.console.UserMistakeException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How tiers of a chain share its capacity.
 *
 * @param typed what the user typed
 * @param shares their parts, the first tier's first
 */
record TierShares(String typed, List<Integer> shares) {
    private static final Pattern TEXT = Pattern.compile("[1-9]\\d{0,3}(:[1-9]\\d{0,3}){1,7}");

    TierShares {
        shares = List.copyOf(shares);
    }

    /**
     * Reads {@code 10:30:60}.
     *
     * @param option the option it is the value of, for the message
     * @throws UserMistakeException naming the option, the text and what is allowed
     */
    static TierShares parse(String option, String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new UserMistakeException(option + " \"" + text + "\"; allowed: the shares of 2 to 8 tiers, numbers of"
                    + " 1 to 9999 (\"10:30:60\")");
        }
        return new TierShares(
                text, Arrays.stream(text.split(":", -1)).map(Integer::valueOf).toList());
    }
}
