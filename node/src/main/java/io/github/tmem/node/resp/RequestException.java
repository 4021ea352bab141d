package io.github.tmem.node.resp;

import java.io.Serial;

/** A request that is answered with an error; the connection goes on. */
public final class RequestException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * An error answer.
     *
     * @param line what follows the minus: a word in capitals, then a text, in one line
     */
    public RequestException(String line) {
        super(line, null, false, false);
    }

    /** The answer to arguments that make no sense together. */
    public static RequestException syntax() {
        return new RequestException("ERR syntax error");
    }
}
