package io.github.tmem.node.command;

import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeUser;
import io.github.tmem.node.resp.Protocol;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands about the connection itself. */
final class ConnectionCommands {
    private static final Logger LOG = System.getLogger(ConnectionCommands.class.getName());
    private static final int WRONG_SECRETS_MAX = 5;
    private static final String WRONG = "WRONGPASS invalid username-password pair or user is disabled.";

    private final NodeState node;

    ConnectionCommands(NodeState node) {
        this.node = node;
    }

    List<Command> all() {
        return List.of(
                Command.plain("HELLO", 1, Command.ANY, this::hello)
                        .with(Trait.BEFORE_LOGIN)
                        .with(Trait.LONG),
                Command.plain("AUTH", 2, 3, this::auth).with(Trait.BEFORE_LOGIN).with(Trait.LONG),
                Command.plain("QUIT", 1, 1, this::quit).with(Trait.BEFORE_LOGIN),
                Command.plain("RESET", 1, 1, this::reset)
                        .with(Trait.BEFORE_LOGIN)
                        .with(Trait.LONG),
                Command.plain("PING", 1, 2, this::ping),
                Command.plain("ECHO", 2, 2, (client, request, reply) -> echo(request, reply)),
                Command.plain("SELECT", 2, 2, this::select),
                Command.plain("CLIENT", 2, Command.ANY, this::client));
    }

    private void hello(Client client, Request request, Reply reply) {
        Protocol protocol = client.protocol();
        if (request.count() > 1) {
            protocol = protocol(request);
        }
        @Nullable String name = null;
        for (int i = 2; i < request.count(); i++) {
            if (request.is(i, "AUTH") && i + 2 < request.count()) {
                login(client, request.text(i + 1), request.bytes(i + 2));
                i += 2;
            } else if (request.is(i, "SETNAME") && i + 1 < request.count()) {
                name = word(request, ++i);
            } else {
                throw RequestException.syntax();
            }
        }
        if (client.user() == null) {
            throw new RequestException(
                    "NOAUTH HELLO must be called with the client already authenticated, otherwise the"
                            + " HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the"
                            + " RESP protocol version at the same time");
        }
        if (name != null) {
            client.rename(name);
        }
        client.speak(protocol);
        reply.speak(protocol);
        introduce(client, reply);
    }

    private static Protocol protocol(Request request) {
        return switch (request.text(1)) {
            case "2" -> Protocol.RESP2;
            case "3" -> Protocol.RESP3;
            default -> throw new RequestException("NOPROTO unsupported protocol version");
        };
    }

    private static void introduce(Client client, Reply reply) {
        reply.map(7);
        reply.bulk("server");
        reply.bulk("redis");
        reply.bulk("version");
        reply.bulk(Information.REDIS_VERSION);
        reply.bulk("proto");
        reply.number(client.protocol().number());
        reply.bulk("id");
        reply.number(client.id());
        reply.bulk("mode");
        reply.bulk("standalone");
        reply.bulk("role");
        reply.bulk("master");
        reply.bulk("modules");
        reply.array(0);
    }

    private void auth(Client client, Request request, Reply reply) {
        if (!node.hasUsers()) {
            throw new RequestException("ERR AUTH called without any user configured for this node");
        }
        String name = request.count() == 3 ? request.text(1) : NodeConfig.DEFAULT_USER;
        login(client, name, request.bytes(request.count() - 1));
        reply.ok();
    }

    private void login(Client client, String name, byte[] secret) {
        @Nullable NodeUser user = node.hasUsers() ? node.user(name, secret) : NodeUser.everybody();
        if (user != null) {
            node.login(client, user);
            return;
        }
        LOG.log(
                Level.WARNING,
                "event=wrong-secret client=" + client.address() + " user=" + Information.printable(name));
        if (client.wrongSecret() >= WRONG_SECRETS_MAX) {
            client.dismiss();
        }
        throw new RequestException(WRONG);
    }

    private void quit(Client client, Request request, Reply reply) {
        client.dismiss();
        reply.ok();
    }

    private void reset(Client client, Request request, Reply reply) {
        client.rename("");
        client.speak(Protocol.RESP2);
        reply.speak(Protocol.RESP2);
        if (node.hasUsers()) {
            client.logout();
        }
        reply.simple("RESET");
    }

    private void ping(Client client, Request request, Reply reply) {
        if (request.count() == 2) {
            echo(request, reply);
        } else {
            reply.simple("PONG");
        }
    }

    private static void echo(Request request, Reply reply) {
        reply.bulk(request.buffer(), request.at(1), request.length(1));
    }

    private void select(Client client, Request request, Reply reply) {
        if (request.number(1) != 0) {
            throw new RequestException("ERR DB index is out of range");
        }
        reply.ok();
    }

    private void client(Client client, Request request, Reply reply) {
        if (request.is(1, "SETNAME") && request.count() == 3) {
            client.rename(word(request, 2));
            reply.ok();
        } else if (request.is(1, "GETNAME") && request.count() == 2) {
            reply.bulk(client.name());
        } else if (request.is(1, "ID") && request.count() == 2) {
            reply.number(client.id());
        } else if (request.is(1, "SETINFO") && request.count() == 4) {
            setInfo(client, request);
            reply.ok();
        } else if (request.is(1, "INFO") && request.count() == 2) {
            reply.bulk(Information.line(client, node.now()));
        } else if (request.is(1, "LIST")) {
            list(client, reply);
        } else {
            throw new RequestException("ERR unknown subcommand or wrong number of arguments for 'client' command");
        }
    }

    private static void setInfo(Client client, Request request) {
        if (request.is(2, "LIB-NAME")) {
            client.library(word(request, 3));
        } else if (request.is(2, "LIB-VER")) {
            client.libraryVersion(word(request, 3));
        } else {
            throw new RequestException("ERR Unrecognized option '" + Information.printable(request.text(2)) + "'");
        }
    }

    /** The connections of the same user. */
    private void list(Client client, Reply reply) {
        StringBuilder lines = new StringBuilder();
        for (Client other : node.clients()) {
            NodeUser user = other.user();
            if (user != null && user.name().equals(client.knownUser().name())) {
                lines.append(Information.line(other, node.now()));
            }
        }
        reply.bulk(lines.toString());
    }

    /** A name: short, printable, without blanks. */
    private static String word(Request request, int argument) {
        if (request.length(argument) > Information.WORD_MAX) {
            throw new RequestException("ERR name too long");
        }
        for (int i = 0; i < request.length(argument); i++) {
            if (request.at(argument, i) <= ' ' || request.at(argument, i) > '~') {
                throw new RequestException("ERR names cannot contain spaces, newlines or special characters.");
            }
        }
        return request.text(argument);
    }
}
