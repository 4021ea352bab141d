package io.github.tmem.bench.measure;

import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.remote.LettuceWire;
import io.github.tmem.bench.remote.LocalServer;
import io.github.tmem.bench.remote.LocalServer.Transport;
import io.github.tmem.bench.remote.LocalServers;
import io.github.tmem.bench.remote.Metered;
import io.github.tmem.bench.remote.PageWire;
import io.github.tmem.bench.remote.RedisPrograms;
import io.github.tmem.bench.remote.TierWire;
import io.github.tmem.bench.remote.WirePages;
import io.github.tmem.bench.remote.WirePages.Call;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Rounds;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.timing.Timings;
import io.github.tmem.bench.work.PageSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encoded pages by the tier {@code remote} to a node of ours, against the raw pages of the same set by Lettuce to Redis: put
 * and get, one at a time and many in flight, in plain text with every set and over TLS with one.
 */
public final class RemoteTier implements Measurement {
    /** The set that is moved over TLS. */
    private static final String TLS_SET = "fs";

    @Override
    public String name() {
        return "remote tier";
    }

    @Override
    public int steps(Plan plan) {
        int races = rounds(plan.remote().oneAtATime()) + rounds(plan.remote().inFlight());
        return RedisPrograms.serverObstacle().isPresent() ? 0 : (plan.sets().size() + 1) * races;
    }

    private static int rounds(Rounds rounds) {
        return rounds.warmups() + rounds.rounds();
    }

    @Override
    public void measure(Plan plan, Results results, Runnable step) {
        RedisPrograms.serverObstacle()
                .ifPresentOrElse(
                        why -> List.of(
                                        Budget.REMOTE_VS_REDIS_SYNC,
                                        Budget.REMOTE_VS_REDIS_PIPELINED,
                                        Budget.REMOTE_TLS_VS_REDIS_SYNC,
                                        Budget.REMOTE_TLS_VS_REDIS_PIPELINED)
                                .forEach(budget -> results.missing(budget, why)),
                        () -> {
                            measurePlain(plan, results, step);
                            measureTls(plan, results, step);
                        });
    }

    private static void measurePlain(Plan plan, Results results, Runnable step) {
        try (LocalServers servers = new LocalServers()) {
            Ends ends = new Ends(servers.node(Transport.PLAIN), servers.redis(Transport.PLAIN), null);
            for (PageSet set : plan.sets()) {
                new Field(plan.remote(), ends, set, "").measure(results, step);
            }
        }
    }

    private static void measureTls(Plan plan, Results results, Runnable step) {
        try (LocalServers servers = new LocalServers()) {
            LocalServer redis;
            try {
                redis = servers.redis(Transport.TLS);
            } catch (IllegalStateException withoutTls) {
                String why = "no redis-server over TLS: " + withoutTls.getMessage();
                results.missing(Budget.REMOTE_TLS_VS_REDIS_SYNC, why);
                results.missing(Budget.REMOTE_TLS_VS_REDIS_PIPELINED, why);
                return;
            }
            Ends ends = new Ends(servers.node(Transport.TLS), redis, servers.trust(Transport.TLS));
            PageSet set = PageSet.preferred(TLS_SET, plan.sets());
            new Field(plan.remote(), ends, set, ", TLS").measure(results, step);
        }
    }

    /** The two servers, and who has signed their certificates. */
    private record Ends(
            LocalServer node, LocalServer redis, @Nullable Path trust) {
        Budget sync() {
            return trust == null ? Budget.REMOTE_VS_REDIS_SYNC : Budget.REMOTE_TLS_VS_REDIS_SYNC;
        }

        Budget pipelined() {
            return trust == null ? Budget.REMOTE_VS_REDIS_PIPELINED : Budget.REMOTE_TLS_VS_REDIS_PIPELINED;
        }
    }

    /** One set over one transport. */
    private record Field(RemotePlan plan, Ends ends, PageSet set, String transport) {

        /** The first half of the keys are fetched, the second half stored. */
        void measure(Results results, Runnable step) {
            int keys = 2 * plan.keys();
            try (PageWire ours = new TierWire(ends.node(), ends.trust(), EncodedSet.of(set), keys);
                    PageWire theirs = new LettuceWire(ends.redis(), ends.trust(), set, keys)) {
                List<PageWire> wires = List.of(ours, theirs);
                wires.forEach(wire -> new WirePages(wire, Call.PUT, 0, plan.window()).run(0, plan.keys()));
                race(wires, plan.oneAtATime(), 1, results, step);
                race(wires, plan.inFlight(), plan.window(), results, step);
            }
        }

        private void race(List<PageWire> wires, Rounds rounds, int inFlight, Results results, Runnable step) {
            List<Metered> contestants = new ArrayList<>();
            for (Call call : Call.values()) {
                int first = call == Call.GET ? 0 : plan.keys();
                contestants.add(new Metered(new WirePages(wires.get(0), call, first, inFlight), ends.node()));
                contestants.add(new Metered(new WirePages(wires.get(1), call, first, inFlight), ends.redis()));
            }
            Timings timings = rounds.time(contestants, plan.keys(), step);
            verifyStored(wires, rounds);
            for (Call call : Call.values()) {
                String tier = WirePages.name(wires.get(0).name(), call);
                String lettuce = WirePages.name(wires.get(1).name(), call);
                results.add(
                        inFlight == 1 ? ends.sync() : ends.pipelined(),
                        set.name() + (call == Call.PUT ? ", put" : ", get"),
                        timings.ratio(lettuce, tier));
            }
            String where = ", " + inFlight + " in flight" + transport;
            for (Metered one : contestants) {
                int turns = rounds.rounds() * rounds.slices();
                String name = set.name() + ": " + one.name() + where;
                results.detail(name, timings.of(one.name()));
                results.detail(name + ": CPU of the client", Spread.exactly(one.nanosHere(turns)));
                results.detail(name + ": CPU of the server", Spread.exactly(one.nanosThere(turns)));
            }
            results.countRepeated(timings.repeated());
        }

        /** What the last round has stored is all there. */
        private void verifyStored(List<PageWire> wires, Rounds rounds) {
            int begin = Math.floorMod(rounds.rounds() - 1, plan.keys() / rounds.operations()) * rounds.operations();
            wires.forEach(wire ->
                    new WirePages(wire, Call.GET, plan.keys(), plan.window()).run(begin, begin + rounds.operations()));
        }
    }
}
