package io.github.tmem.system.lincheck;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.util.LincheckResult;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.lincheck.datastructures.verifier.CachedVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Linearizability in a chain without room, where the same operation may end in several ways: any put may be refused, and
 * ephemeral pages may vanish. A sequential specification cannot say that, for it has one result for each operation. But
 * each result says what follows from it: a page that was missed is gone until the next put (L2), and one that was refused
 * left nothing (L3). So an order of the operations is looked for in which every result can be explained.
 */
public final class OutcomeVerifier extends CachedVerifier {
    private static final int KEYS = 3;

    private final boolean persistent = Terrain.current().isPersistent();
    private final boolean exclusive = Terrain.current().isExclusive();

    /** For Lincheck. */
    public OutcomeVerifier(Class<?> sequentialSpecification) {
        requireNonNull(sequentialSpecification);
    }

    @Override
    public boolean verifyResultsImpl(ExecutionScenario scenario, ExecutionResult results) {
        return new Search(scenario.getThreads(), results.getThreadsResultsWithClock()).explains();
    }

    /** Looks for an order, depth first; what was found to lead nowhere is not tried again. */
    private final class Search {
        private final List<List<Actor>> actors;
        private final List<List<ResultWithClock>> results;
        private final Set<List<Integer>> inVain = new HashSet<>();

        Search(List<List<Actor>> actors, List<List<ResultWithClock>> results) {
            this.actors = actors;
            this.results = results;
        }

        boolean explains() {
            return explains(new int[actors.size()], new int[KEYS]);
        }

        private boolean explains(int[] done, int[] versions) {
            List<Integer> state = Arrays.stream(new int[][] {done, versions})
                    .flatMapToInt(Arrays::stream)
                    .boxed()
                    .toList();
            if (inVain.contains(state)) {
                return false;
            }
            boolean ended = true;
            for (int thread = 0; thread < done.length; thread++) {
                if (done[thread] < actors.get(thread).size()) {
                    ended = false;
                    if (mayBeNext(thread, done) && explainsNext(thread, done, versions)) {
                        return true;
                    }
                }
            }
            inVain.add(state);
            return ended;
        }

        /** Whether everything that ended before the thread's next operation began has been taken. */
        private boolean mayBeNext(int thread, int[] done) {
            int[] before =
                    results.get(thread).get(done[thread]).getClockOnStart().getClock();
            for (int other = 0; other < done.length; other++) {
                if (other != thread && done[other] < before[other]) {
                    return false;
                }
            }
            return true;
        }

        private boolean explainsNext(int thread, int[] done, int[] versions) {
            Actor actor = actors.get(thread).get(done[thread]);
            LincheckResult result = results.get(thread).get(done[thread]).getResult();
            int[] after = versions.clone();
            if (!follow(actor, result instanceof ValueResult value ? value.getValue() : null, after)) {
                return false;
            }
            int[] next = done.clone();
            next[thread]++;
            return explains(next, after);
        }
    }

    /** Whether the operation can have had this result; if so {@code versions} becomes what follows from it. */
    private boolean follow(Actor actor, @Nullable Object result, int[] versions) {
        int argument =
                actor.getArguments().isEmpty() ? 0 : (int) actor.getArguments().get(0);
        return switch (actor.getMethod().getName()) {
            case "put" -> {
                versions[argument] =
                        Boolean.TRUE.equals(result) ? (int) actor.getArguments().get(1) : 0;
                yield result instanceof Boolean;
            }
            case "get" -> result instanceof Integer version && get(argument, version, versions);
            case "contains" -> result instanceof Boolean there && isThere(argument, there, versions);
            case "flush" -> {
                boolean explained = result instanceof Boolean there && isThere(argument, there, versions);
                versions[argument] = 0;
                yield explained;
            }
            case "flushObject" -> {
                Arrays.fill(versions, 2 * argument, Math.min(2 * argument + 2, KEYS), 0);
                yield true;
            }
            case "reopen" -> {
                Arrays.fill(versions, 0);
                yield true;
            }
            case "demote", "endsWell" -> true;
            default -> throw new IllegalArgumentException(actor.toString());
        };
    }

    private boolean get(int key, int version, int[] versions) {
        if (version != 0 && version != versions[key]) {
            return false;
        }
        boolean explained = version != 0 || mayBeAbsent(key, versions);
        if (version == 0 || exclusive) {
            versions[key] = 0;
        }
        return explained;
    }

    private boolean isThere(int key, boolean there, int[] versions) {
        if (there) {
            return versions[key] != 0;
        }
        boolean explained = mayBeAbsent(key, versions);
        versions[key] = 0;
        return explained;
    }

    private boolean mayBeAbsent(int key, int[] versions) {
        return !persistent || versions[key] == 0;
    }
}
