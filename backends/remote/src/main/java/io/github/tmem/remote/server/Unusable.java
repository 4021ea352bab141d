package io.github.tmem.remote.server;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.protocol.RedisProtocolException;
import java.io.Serial;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** A server that cannot be used, and why, in one line. */
public final class Unusable extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** How errors begin that go away by themselves. */
    private static final List<String> PASSING =
            List.of("LOADING", "BUSY", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "MISCONF", "MOVED", "ASK");

    /** What a server says whom the certificate of a client does not please. */
    private static final Pattern CERTIFICATE_ALERT =
            Pattern.compile("fatal alert: (\\w*certificate\\w*|unknown_ca|access_denied)");

    private final Fault fault;

    /** Whose fault it is. */
    public enum Fault {
        /** There is no answer. That may change by itself. */
        UNREACHABLE,
        /** There is an answer, and it shows that the configuration of tier or server is wrong. */
        MISCONFIGURED
    }

    public Unusable(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    /** What went wrong with {@code address}, to which there is a connection, from what the client threw. */
    public static Unusable of(Throwable thrown, ServerAddress address) {
        return of(thrown, address, "");
    }

    /** What went wrong while connecting to {@code address}, from what the client threw. */
    static Unusable whileConnecting(Throwable thrown, ServerAddress address) {
        return of(thrown, address, hint(address));
    }

    private static Unusable of(Throwable thrown, ServerAddress address, String hint) {
        Throwable found = cause(thrown);
        boolean isTrust = has(thrown, CertificateException.class);
        Unusable unusable = isTrust
                ? misconfigured("the certificate of " + address + " is not trusted (" + oneLine(found)
                        + "); allowed: one that " + Access.TRUST_FILE + ", or else Java, vouches for")
                : byCause(found, oneLine(found), address, hint);
        unusable.initCause(thrown);
        return unusable;
    }

    private static Unusable byCause(Throwable found, String message, ServerAddress address, String hint) {
        if (found instanceof RedisCommandExecutionException) {
            return byAnswer(message, address);
        }
        if (found instanceof SSLException && CERTIFICATE_ALERT.matcher(message).find()) {
            return misconfigured(address + " wants another client certificate, or one at all (" + message
                    + "); allowed: " + ClientCertificate.CERTIFICATE_FILE + " and " + ClientCertificate.KEY_FILE
                    + " with one that it trusts");
        }
        if (found instanceof SSLException) {
            return misconfigured(address + " does not answer in TLS (" + message
                    + "); allowed: redis:// if the server speaks without TLS, else its TLS port");
        }
        if (found instanceof RedisProtocolException) {
            return misconfigured(address + " answers, but not in the Redis protocol; allowed: the port of a Redis or"
                    + " Valkey server");
        }
        if (found instanceof UnknownHostException) {
            return unreachable("the host of " + address + " is unknown");
        }
        if (found instanceof RedisCommandTimeoutException || message.contains("timed out")) {
            return unreachable(address + " does not answer" + hint);
        }
        boolean isClosed = found instanceof ClosedChannelException || message.contains("closed");
        if (isClosed || message.contains("reset by peer")) {
            return unreachable(address + " closes the connection without an answer" + hint);
        }
        return unreachable(address + " cannot be reached ("
                + (message.contains("refused") ? "connection refused" : message) + ")");
    }

    /** What may be the matter with a server that accepts connections and says nothing. */
    private static String hint(ServerAddress address) {
        return address.transport() == ServerAddress.Transport.TLS
                ? "; redis:// is right if it speaks without TLS"
                : "; rediss:// is right if it speaks TLS";
    }

    private static Unusable byAnswer(String message, ServerAddress address) {
        if (message.startsWith("WRONGPASS") || message.contains("without any password")) {
            return misconfigured(address + " does not take this secret; allowed: that of "
                    + (address.user() == null ? "its default user" : "user \"" + address.user() + "\""));
        }
        if (message.startsWith("NOAUTH")) {
            return misconfigured(address + " wants a secret; allowed: " + Access.SECRET_FILE);
        }
        if (message.startsWith("NOPERM")) {
            return misconfigured(address + " does not let its user work (" + message + ")");
        }
        if (PASSING.stream().anyMatch(message::startsWith)) {
            return unreachable(address + " cannot serve at the moment (" + message + ")");
        }
        return misconfigured(address + " answers \"" + message + "\"");
    }

    private static Unusable misconfigured(String message) {
        return new Unusable(Fault.MISCONFIGURED, message);
    }

    private static Unusable unreachable(String message) {
        return new Unusable(Fault.UNREACHABLE, message);
    }

    /** Whether the server has answered that it has no memory, or not enough replicas, for what it was to store. */
    public static boolean isRefusal(Throwable failure) {
        Throwable found = unwrapped(failure);
        String message = String.valueOf(found.getMessage());
        return found instanceof ReplicatedPuts.TooFewReplicas
                || (found instanceof RedisCommandExecutionException
                        && (message.startsWith("OOM ") || message.startsWith("NOREPLICAS")));
    }

    /** Whether a command failed by the server: with an error, or because there was no answer in time. */
    public static boolean isOfServer(Throwable failure) {
        Throwable found = unwrapped(failure);
        return found instanceof RedisCommandTimeoutException || found instanceof RedisCommandExecutionException;
    }

    /** Whether a command failed before it was sent. */
    public static boolean isNotSent(Throwable failure) {
        return unwrapped(failure) instanceof NotSent;
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The first cause that says something: what is around it only says that something failed. */
    private static Throwable cause(Throwable thrown) {
        Throwable found = thrown;
        for (Throwable cause = thrown; cause != null; cause = next(cause)) {
            found = cause;
            if (cause instanceof RedisCommandExecutionException
                    || cause instanceof RedisProtocolException
                    || (cause instanceof SSLException && !(cause instanceof SSLHandshakeException))
                    || cause instanceof UnknownHostException) {
                return cause;
            }
        }
        return found instanceof ExecutionException || found instanceof CompletionException ? thrown : found;
    }

    /** What caused this; a cluster's client adds what it heard from the nodes in another way. */
    private static @Nullable Throwable next(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause == null && thrown.getSuppressed().length > 0 ? thrown.getSuppressed()[0] : cause;
    }

    private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable cause = thrown; cause != null; cause = next(cause)) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String oneLine(Throwable found) {
        String message = found.getMessage();
        return message == null ? "no reason given" : message.lines().findFirst().orElse("");
    }
}
