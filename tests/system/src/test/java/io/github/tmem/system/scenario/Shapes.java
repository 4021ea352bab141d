package io.github.tmem.system.scenario;

import io.github.tmem.api.PageKind;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Groups of chain shapes, with the words for them in {@code docs/scenarios.md}. */
enum Shapes {
    ALL("all", shape -> true),
    ONE_TIER("one tier", shape -> shape.tiers().size() == 1),
    TWO_TIERS_OR_MORE("two or three tiers", shape -> shape.tiers().size() > 1),
    THREE_TIERS("three tiers", shape -> shape.tiers().size() > 2),
    WITH_REMOTE("with a remote tier", shape -> shape.has(TierSort.REMOTE)),
    WITH_LOCAL("with a local tier", shape -> shape.has(TierSort.HEAP) || shape.has(TierSort.OFFHEAP)),
    REMOTE_BELOW("a remote tier below another", ChainShape::movesIntoSlow),
    WITH_CHRONICLE("with a chronicle tier", shape -> shape.has(TierSort.CHRONICLE)),
    BOTH_KINDS("where all tiers take both kinds", shape -> shape.serves(PageKind.PERSISTENT)),
    LOCAL_BELOW("a local tier below another", shape -> shape.last() > 0 && !shape.isSlow(1));

    private final String words;

    @SuppressWarnings("ImmutableEnumChecker") // the predicates above keep nothing
    private final Predicate<ChainShape> members;

    Shapes(String words, Predicate<ChainShape> members) {
        this.words = words;
        this.members = members;
    }

    String words() {
        return words;
    }

    List<ChainShape> members() {
        return Arrays.stream(ChainShape.values()).filter(members).toList();
    }
}
