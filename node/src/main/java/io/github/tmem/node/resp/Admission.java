package io.github.tmem.node.resp;

/** What a client may send; asked before a byte of it is waited for. */
public interface Admission {

    /** The most arguments a request may have, its name included. */
    int countMax();

    /**
     * The longest an argument may be, in bytes.
     *
     * @param request the request as far as it has come; its first {@code argument} arguments are complete
     * @param argument which; 0 is the name
     */
    int lengthMax(Request request, int argument);

    /** The most bytes all arguments of a request may have together. */
    int sizeMax();

    /** The most bytes of a request in one line. */
    int lineMax();
}
