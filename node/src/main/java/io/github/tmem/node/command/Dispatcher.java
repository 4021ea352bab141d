package io.github.tmem.node.command;

import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs requests: every one is answered, once. Thread-safe. */
public final class Dispatcher {
    private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

    private final NodeState node;
    private final CommandTable table;

    /** All commands over a node. */
    public Dispatcher(NodeState node) {
        this.node = node;
        ServerCommands server = new ServerCommands(node);
        List<Command> commands = new ArrayList<>(new ConnectionCommands(node).all());
        commands.addAll(server.all());
        commands.addAll(new ValueCommands(node).all());
        commands.addAll(new KeyspaceCommands().all());
        commands.addAll(new PoolCommands(node).all());
        commands.addAll(new PageCommands(node).all());
        commands.addAll(new BlobCommands(node).all());
        commands.addAll(new SessionCommands(node).all());
        table = new CommandTable(commands);
        server.describe(table);
    }

    /** The command of a request that has a name; null if there is none such. */
    public @Nullable Command find(Request request) {
        return table.find(request, 0);
    }

    /** All commands by name. */
    public List<Command> commands() {
        return table.all();
    }

    /**
     * Runs a request that has a name, and answers.
     *
     * @param command what {@link #find} said
     */
    public void run(Client client, @Nullable Command command, Request request, Reply reply) {
        int start = reply.out().writerIndex();
        try {
            check(client, command, request).body().run(client, request, reply);
        } catch (RequestException e) {
            fail(reply, start, e.getMessage());
        } catch (PageLostException e) {
            fail(reply, start, "LOST " + e.getMessage());
        } catch (PageUnavailableException e) {
            fail(reply, start, "UNAVAILABLE " + e.getMessage());
        } catch (PoolClosedException e) {
            fail(reply, start, "CLOSED " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "event=internal-error client=" + client.address() + " command=" + client.command(), e);
            fail(reply, start, "ERR internal error");
        }
    }

    private static void fail(Reply reply, int start, @Nullable String message) {
        reply.out().writerIndex(start);
        reply.error(String.valueOf(message));
    }

    private Command check(Client client, @Nullable Command command, Request request) {
        if (client.user() == null && (command == null || !command.is(Trait.BEFORE_LOGIN))) {
            throw new RequestException("NOAUTH Authentication required.");
        }
        if (command == null) {
            throw new RequestException("ERR unknown command '" + Information.printable(request.text(0)) + "'");
        }
        if (request.count() < command.countMin() || request.count() > command.countMax()) {
            throw new RequestException(
                    "ERR wrong number of arguments for '" + command.name().toLowerCase(Locale.ROOT) + "' command");
        }
        node.count();
        client.running(command.name());
        return command;
    }
}
