package io.github.tmem.remote.store;

import io.github.tmem.remote.server.Server.Connection;
import io.github.tmem.remote.server.Unusable;
import io.github.tmem.remote.server.Unusable.Fault;
import io.github.tmem.remote.store.Tickets.Parked;
import io.lettuce.core.protocol.CommandArgs;
import java.util.List;

/**
 * What the node is still to hear: which pages have come, which were taken and will not be asked for, which pools were closed.
 *
 * @param connection one behind whose fence nothing else of this program runs
 */
record Dues(Link link, Connection connection, Membership member) {

    /** Says all of it. */
    void pay() throws Unusable {
        List<Long> came = member.tickets().unsaid();
        if (!came.isEmpty()) {
            link.ask(connection, new Call<>(Order.TAKEN, arguments(came), Answers::done));
        }
        payReturns();
        payCloses();
    }

    private static CommandArgs<byte[], byte[]> arguments(List<Long> tickets) {
        CommandArgs<byte[], byte[]> arguments = Call.arguments();
        tickets.forEach(arguments::add);
        return arguments;
    }

    /** Gives the pages back of takes that were given up. Those that the node cannot put back now stay with it. */
    void payReturns() throws Unusable {
        List<Parked> given = member.tickets().returns();
        if (given.isEmpty()) {
            return;
        }
        CommandArgs<byte[], byte[]> arguments =
                arguments(given.stream().map(Parked::ticket).toList());
        try {
            List<Boolean> done = link.ask(connection, new Call<>(Order.RETURN, arguments, Answers::flags));
            for (int i = 0; i < Math.min(given.size(), done.size()); i++) {
                if (done.get(i)) {
                    member.tickets().settled(given.get(i));
                }
            }
        } finally {
            given.forEach(member.tickets()::unsettled);
        }
    }

    /** Closes pools that were closed here; one that the node has closed already is an error there, and right. */
    void payCloses() throws Unusable {
        for (Long pool : List.copyOf(member.owedCloses())) {
            try {
                link.ask(connection, member.close(pool));
            } catch (Unusable unusable) {
                if (unusable.fault() != Fault.MISCONFIGURED) {
                    throw unusable;
                }
            }
        }
    }
}
