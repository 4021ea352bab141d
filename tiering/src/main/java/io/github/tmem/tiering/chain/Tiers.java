package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.directory.Directory;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tiers of a chain: their order, which may change while operations run, and their numbers, by which entries name them.
 *
 * <p>An operation that was handed {@link #inOrder} goes by that order to its end. A number outlives its tier's place in
 * the order until no operation can come upon it any more, and is not given to another tier before. Reads are thread-safe;
 * who changes the tiers sees to it that nobody else does.
 */
final class Tiers {
    private volatile Tier[] inOrder;
    private volatile @Nullable Tier[] byNumber = new @Nullable Tier[Directory.TIERS_MAX];

    Tiers(List<Tier> tiers) {
        inOrder = new Tier[0];
        tiers.forEach(this::number);
        order(tiers);
    }

    /** The tiers from first to last; not to be written. */
    Tier[] inOrder() {
        return inOrder;
    }

    /** The tiers that a put is offered to first. */
    Tier first() {
        return inOrder[0];
    }

    /** The tier that an entry names which was seen under its shard's lock. */
    Tier numbered(int number) {
        Tier tier = byNumber[number];
        assert tier != null : number;
        return tier;
    }

    /** The tier of a number from a glimpse, which may be one that there is not, or null. */
    @Nullable
    Tier ifNumbered(int number) {
        return number < Directory.TIERS_MAX ? byNumber[number] : null;
    }

    /** The nearest tier behind this one that takes pages, or null. */
    @Nullable
    Tier below(Tier tier) {
        Tier[] order = inOrder;
        for (int i = position(order, tier) + 1; i < order.length; i++) {
            if (order[i].isOpen()) {
                return order[i];
            }
        }
        return null;
    }

    /** Whether a page that goes from one tier to the other moves down the chain. */
    boolean isDown(Tier from, Tier to) {
        Tier[] order = inOrder;
        return position(order, to) > position(order, from);
    }

    /** The place of a tier; of one that is not in the order, the place behind the last. */
    private static int position(Tier[] order, Tier tier) {
        for (int i = 0; i < order.length; i++) {
            if (order[i] == tier) {
                return i;
            }
        }
        return order.length;
    }

    /** A number that no tier has, or -1. */
    int freeNumber() {
        return Arrays.asList(byNumber).indexOf(null);
    }

    /** Lets entries name a tier. */
    void number(Tier tier) {
        assert byNumber[tier.number()] == null : tier.name();
        @Nullable Tier[] changed = byNumber.clone();
        changed[tier.number()] = tier;
        byNumber = changed;
    }

    /** Gives the number of a tier back, which no operation can come upon any more. */
    void forget(Tier tier) {
        @Nullable Tier[] changed = byNumber.clone();
        changed[tier.number()] = null;
        byNumber = changed;
    }

    /** From now on operations see this order. */
    void order(List<Tier> tiers) {
        inOrder = tiers.toArray(Tier[]::new);
    }
}
