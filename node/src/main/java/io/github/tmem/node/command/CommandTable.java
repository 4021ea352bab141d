package io.github.tmem.node.command;

import io.github.tmem.node.resp.Request;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds commands by the bytes of their name, whatever its case, without making text of it. Immutable. */
public final class CommandTable {
    private final List<Command> commands;
    private final @Nullable Command[] slots;

    /** A table of commands of different names. */
    public CommandTable(List<Command> commands) {
        this.commands =
                commands.stream().sorted(Comparator.comparing(Command::name)).toList();
        slots = new @Nullable Command[Integer.highestOneBit(commands.size()) << 2];
        this.commands.forEach(this::add);
    }

    private void add(Command command) {
        int slot = 0;
        for (int i = 0; i < command.name().length(); i++) {
            slot = mix(slot, command.name().charAt(i));
        }
        slot &= slots.length - 1;
        while (slots[slot] != null) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = command;
    }

    private static int mix(int hash, int letter) {
        int next = (hash ^ letter) * 0x01000193;
        return next ^ next >>> 15;
    }

    /** The command that an argument names; null if there is none. */
    public @Nullable Command find(Request request, int argument) {
        int slot = 0;
        for (int i = 0; i < request.length(argument); i++) {
            slot = mix(slot, Request.capital(request.at(argument, i)));
        }
        slot &= slots.length - 1;
        for (Command found = slots[slot]; found != null; found = slots[slot]) {
            if (request.is(argument, found.name())) {
                return found;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return null;
    }

    /** All commands by name. */
    public List<Command> all() {
        return commands;
    }
}
