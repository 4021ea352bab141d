package io.github.tmem.node.command;

import io.github.tmem.node.command.Command.Every;
import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands that ask what the node is and can. */
final class ServerCommands {
    /** True of us: values without an end stay, those with one may be evicted. */
    static final String POLICY = "volatile-lru";

    private final NodeState node;
    private final Information information;
    private @Nullable CommandTable table;

    ServerCommands(NodeState node) {
        this.node = node;
        information = new Information(node);
    }

    List<Command> all() {
        return List.of(
                Command.plain("INFO", 1, Command.ANY, this::info).with(Trait.LONG),
                Command.plain("CONFIG", 2, Command.ANY, this::config).with(Trait.LONG),
                Command.plain("COMMAND", 1, Command.ANY, this::command));
    }

    /** The table of all commands, once there is one. */
    void describe(CommandTable all) {
        table = all;
    }

    private void info(Client client, Request request, Reply reply) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i < request.count(); i++) {
            String name = request.text(i).toLowerCase(Locale.ROOT);
            if (!name.equals("default") && !name.equals("all") && !name.equals("everything")) {
                names.add(name);
            }
        }
        reply.bulk(information.sections(names, client));
    }

    private void config(Client client, Request request, Reply reply) {
        if (!request.is(1, "GET") || request.count() < 3) {
            throw new RequestException("ERR only CONFIG GET is known; a node is configured by its file");
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.put("maxmemory", Long.toString(Information.capacity(node.stats())));
        values.put("maxmemory-policy", POLICY);
        values.put("save", "");
        values.put("appendonly", "no");
        values.put("databases", "1");
        values.keySet().removeIf(key -> !isAsked(request, key));
        reply.map(values.size());
        values.forEach((key, value) -> {
            reply.bulk(key);
            reply.bulk(value);
        });
    }

    private static boolean isAsked(Request request, String key) {
        for (int i = 2; i < request.count(); i++) {
            byte[] pattern = request.text(i).toLowerCase(Locale.ROOT).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            if (Glob.matches(pattern, key.getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
                return true;
            }
        }
        return false;
    }

    private void command(Client client, Request request, Reply reply) {
        List<Command> all = table == null ? List.of() : table.all();
        if (request.count() == 1) {
            reply.array(all.size());
            all.forEach(command -> describe(command, reply));
        } else if (request.is(1, "COUNT") && request.count() == 2) {
            reply.number(all.size());
        } else if (request.is(1, "DOCS")) {
            reply.map(0);
        } else if (request.is(1, "LIST") && request.count() == 2) {
            reply.array(all.size());
            all.forEach(command -> reply.bulk(command.name().toLowerCase(Locale.ROOT)));
        } else if (request.is(1, "INFO")) {
            some(request, reply);
        } else {
            throw new RequestException("ERR unknown subcommand or wrong number of arguments for 'command' command");
        }
    }

    private void some(Request request, Reply reply) {
        reply.array(request.count() - 2);
        for (int i = 2; i < request.count(); i++) {
            Command command = table == null ? null : table.find(request, i);
            if (command == null) {
                reply.nil();
            } else {
                describe(command, reply);
            }
        }
    }

    private static void describe(Command command, Reply reply) {
        Every keys = command.keys();
        reply.array(6);
        reply.bulk(command.name().toLowerCase(Locale.ROOT));
        reply.number(command.countMin() == command.countMax() ? command.countMin() : -command.countMin());
        reply.array(1);
        reply.simple(command.is(Trait.WRITE) ? "write" : "readonly");
        reply.number(keys.first());
        reply.number(keys.last());
        reply.number(keys.first() == 0 ? 0 : keys.step());
    }
}
