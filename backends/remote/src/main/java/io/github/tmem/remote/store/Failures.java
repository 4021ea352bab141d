package io.github.tmem.remote.store;

import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.TmemException;
import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.WrongKindException;
import io.lettuce.core.RedisCommandExecutionException;

/** What is thrown when a request was answered with an error, or not at all. */
final class Failures {
    private Failures() {}

    /**
     * The exception for a request.
     *
     * @param what begins its message
     */
    static RuntimeException of(String what, NodeAddress address, Throwable why) {
        if (why instanceof RedisCommandExecutionException) {
            return answered(what, address, String.valueOf(why.getMessage()));
        }
        String reason = Call.isLate(why) ? "does not answer" : "cannot be reached (" + firstLine(why) + ")";
        if (why instanceof NoAnswer) {
            reason = "is not understood (" + firstLine(why) + ")";
        }
        return new NoAnswer(what + ": " + address + " " + reason
                + "; what was asked may have been done, or be done before anything asked later");
    }

    private static String firstLine(Throwable why) {
        return String.valueOf(why.getMessage()).lines().findFirst().orElse("");
    }

    private static RuntimeException answered(String what, NodeAddress address, String error) {
        int blank = error.indexOf(' ');
        String code = blank < 0 ? error : error.substring(0, blank);
        String text = what + ": " + error.substring(blank + 1);
        return switch (code) {
            case "LOST" -> new PageLostException(text);
            case "UNAVAILABLE", "DAMAGED" -> new PageUnavailableException(text);
            case "CLOSED" -> new PoolClosedException(text);
            case "NOPERM", "NOAUTH" -> new UnauthorizedException(text);
            case "WRONGKIND" -> new WrongKindException(text);
            default -> new TmemException(what + ": " + address + " answers \"" + error + "\"");
        };
    }
}
