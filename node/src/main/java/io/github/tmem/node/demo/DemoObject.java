package io.github.tmem.node.demo;

import io.github.tmem.api.ObjectId;
import java.util.Arrays;

/** One object and everything its owner knows about its pages. Used by one thread at a time. */
final class DemoObject {
    private final ObjectId id;
    private final long firstPage;
    private final Knowledge[] knowledge;
    private final byte[] versions;

    /**
     * An object none of whose pages is stored.
     *
     * @param firstPage the number of its first page in the source
     */
    DemoObject(ObjectId id, long firstPage, int pages) {
        this.id = id;
        this.firstPage = firstPage;
        knowledge = new Knowledge[pages];
        versions = new byte[pages];
        Arrays.fill(knowledge, Knowledge.NEVER);
    }

    ObjectId id() {
        return id;
    }

    long firstPage() {
        return firstPage;
    }

    int pages() {
        return knowledge.length;
    }

    Knowledge knows(int index) {
        return knowledge[index];
    }

    void learn(int index, Knowledge fact) {
        knowledge[index] = fact;
    }

    /** The version that was put last, counted from 1; 0 before the first put. */
    int version(int index) {
        return versions[index];
    }

    /** Counts a put. */
    int nextVersion(int index) {
        assert versions[index] < Byte.MAX_VALUE : "more versions than fit";
        return ++versions[index];
    }

    /** The pages that a persistent pool must hold, those it has reported lost included. */
    long held() {
        return Arrays.stream(knowledge).filter(Knowledge::isHeld).count();
    }

    /** The pages that were out of reach when they were last asked for. */
    long unavailable() {
        return Arrays.stream(knowledge)
                .filter(fact -> fact == Knowledge.UNAVAILABLE)
                .count();
    }
}
