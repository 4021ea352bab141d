package io.github.tmem.node.resp;

/** The forms of the protocol. */
public enum Protocol {
    /** The older one, with which every connection begins. */
    RESP2,
    /** The newer one, for clients that ask for it. */
    RESP3;

    /** Its number in {@code HELLO}. */
    public int number() {
        return this == RESP2 ? 2 : 3;
    }
}
