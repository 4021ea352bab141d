package io.github.tmem.remote;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import io.github.tmem.remote.CopyBooks.Place;
import io.github.tmem.remote.server.Waiting;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Copies in several servers that know nothing of each other. A persistent copy is in as many of them as the settings say,
 * or in none; an ephemeral one is in one. Each server has its own connection, session, books and breaker; the room is
 * common, and a copy takes it once, in however many servers it is: the chain counts it once too.
 *
 * <p>The turn of the servers begins at another one with each copy. One that cannot be used is passed over by puts that
 * find enough others, and its copies are asked for elsewhere.
 */
final class PeersBackend implements Backend {
    private final List<RemoteBackend> peers;
    private final Room room;
    private final int holders;

    private PeersBackend(List<RemoteBackend> peers, Room room, int holders) {
        this.peers = peers;
        this.room = room;
        this.holders = holders;
    }

    /**
     * Opens a tier of several servers.
     *
     * @throws ConfigException in one line if one of them cannot be used
     */
    static PeersBackend open(RemoteSettings settings, long capacityBytes, Pace pace) {
        Room room = new Room(capacityBytes);
        List<RemoteBackend> opened = new ArrayList<>();
        boolean complete = false;
        try {
            for (RemoteSettings one : settings.each()) {
                opened.add(RemoteBackend.open(one, room, pace));
            }
            complete = true;
            return new PeersBackend(List.copyOf(opened), room, settings.holders());
        } finally {
            if (!complete) {
                opened.forEach(RemoteBackend::close);
            }
        }
    }

    /** The server whose turn it is after so many others. */
    private RemoteBackend peer(long copyId, int turn) {
        return peers.get((int) Math.floorMod(copyId + turn, (long) peers.size()));
    }

    /** Those that may hold the copy, in turn. */
    private List<RemoteBackend> holders(long copyId) {
        List<RemoteBackend> found = new ArrayList<>(holders);
        for (int turn = 0; turn < peers.size(); turn++) {
            if (peer(copyId, turn).mayHold(copyId)) {
                found.add(peer(copyId, turn));
            }
        }
        return found;
    }

    @Override
    public Capabilities capabilities() {
        return peers.getFirst().capabilities();
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        return Waiting.result(offer(copyId, kind, encoded, length), (long) Outcome.UNAVAILABLE);
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        Waiting.tell(offer(copyId, kind, encoded, length), completion);
    }

    private CompletableFuture<Long> offer(long copyId, PageKind kind, MemorySegment encoded, int length) {
        return kind == PageKind.EPHEMERAL
                ? lend(copyId, encoded, length, 0, Outcome.NOT_SENT)
                : keep(copyId, encoded, length);
    }

    /** Stores an ephemeral copy in the first that takes it, from this turn on. */
    private CompletableFuture<Long> lend(long copyId, MemorySegment encoded, int length, int turn, long refusal) {
        if (turn == peers.size()) {
            return CompletableFuture.completedFuture(refusal);
        }
        RemoteBackend peer = peer(copyId, turn);
        long judged = peer.judge(PageKind.EPHEMERAL, length);
        if (judged != Outcome.DONE) {
            return lend(copyId, encoded, length, turn + 1, Math.max(refusal, judged));
        }
        if (!peer.reserve(copyId, PageKind.EPHEMERAL, length, Place.FIRST)) {
            return CompletableFuture.completedFuture((long) Outcome.FULL); // the room is common
        }
        return peer.send(copyId, PageKind.EPHEMERAL, encoded, length)
                .thenCompose(result -> result == Outcome.FULL || result == Outcome.NOT_SENT
                        ? lend(copyId, encoded, length, turn + 1, Math.max(refusal, result))
                        : CompletableFuture.completedFuture(result));
    }

    /** Stores a persistent copy in as many as have to hold it, or in none. */
    private CompletableFuture<Long> keep(long copyId, MemorySegment encoded, int length) {
        List<RemoteBackend> chosen = new ArrayList<>(holders);
        long refusal = Outcome.DECLINED;
        for (int turn = 0; turn < peers.size() && chosen.size() < holders; turn++) {
            long judged = peer(copyId, turn).judge(PageKind.PERSISTENT, length);
            if (judged == Outcome.DONE) {
                chosen.add(peer(copyId, turn));
            }
            refusal = Math.min(refusal, judged);
        }
        if (chosen.size() < holders) {
            return CompletableFuture.completedFuture(refusal);
        }
        if (!reserve(chosen, copyId, length)) {
            return CompletableFuture.completedFuture((long) Outcome.FULL);
        }
        List<CompletableFuture<Long>> answers = chosen.stream()
                .map(peer -> peer.send(copyId, PageKind.PERSISTENT, encoded, length))
                .toList();
        return all(answers).thenCompose(any -> settle(copyId, chosen, answers));
    }

    private static boolean reserve(List<RemoteBackend> chosen, long copyId, int length) {
        for (int i = 0; i < chosen.size(); i++) {
            if (!chosen.get(i).reserve(copyId, PageKind.PERSISTENT, length, i == 0 ? Place.FIRST : Place.FURTHER)) {
                chosen.subList(0, i).forEach(peer -> peer.unreserve(copyId));
                return false;
            }
        }
        return true;
    }

    /** What a put of a persistent copy comes to; if not all have it, those that have give it up. */
    private static CompletableFuture<Long> settle(
            long copyId, List<RemoteBackend> chosen, List<CompletableFuture<Long>> answers) {
        long worst = answers.stream().mapToLong(CompletableFuture::join).min().orElse(copyId);
        if (worst == copyId) {
            return CompletableFuture.completedFuture(copyId);
        }
        List<CompletableFuture<Integer>> undone = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            if (answers.get(i).join() == copyId) {
                undone.add(chosen.get(i).free(copyId));
            }
        }
        boolean isUnknown = answers.stream().anyMatch(answer -> answer.join() == Outcome.UNAVAILABLE);
        return all(undone)
                .thenApply(any -> isUnknown || worst(undone) != Outcome.DONE ? (long) Outcome.UNAVAILABLE : worst);
    }

    private static int worst(List<CompletableFuture<Integer>> answers) {
        return answers.stream().mapToInt(CompletableFuture::join).min().orElse(Outcome.DONE);
    }

    private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> answers) {
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        int soFar = Outcome.GONE;
        for (RemoteBackend holder : holders(locator)) {
            int result = holder.get(locator, destination, length);
            if (result >= 0) {
                return result;
            }
            soFar = together(soFar, result);
        }
        return soFar;
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        ask(holders(locator), 0, Outcome.GONE, locator, destination, length, completion);
    }

    private static void ask(
            List<RemoteBackend> asked,
            int turn,
            long soFar,
            long locator,
            MemorySegment destination,
            int length,
            Completion completion) {
        if (turn == asked.size()) {
            completion.complete(soFar);
            return;
        }
        asked.get(turn).getAsync(locator, destination, length, result -> {
            if (result >= 0) {
                completion.complete(result);
            } else {
                ask(asked, turn + 1, together(soFar, (int) result), locator, destination, length, completion);
            }
        });
    }

    /** What two fruitless answers say: who did not answer may have the copy, and who has a damaged one is no proof. */
    private static int together(long soFar, int result) {
        return result == Outcome.UNAVAILABLE || soFar == Outcome.GONE ? result : (int) soFar;
    }

    @Override
    public int flush(long locator) {
        List<CompletableFuture<Integer>> answers =
                holders(locator).stream().map(holder -> holder.free(locator)).toList();
        return Waiting.result(all(answers).thenApply(any -> worst(answers)), Outcome.UNAVAILABLE);
    }

    @Override
    public void flushAll(long[] locators, int count, int[] outcomes) {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        int[] last = new int[count];
        for (int i = 0; i < count; i++) {
            for (RemoteBackend holder : holders(locators[i])) {
                answers.add(holder.free(locators[i]));
            }
            last[i] = answers.size();
        }
        for (int i = 0, from = 0; i < count; from = last[i++]) {
            List<CompletableFuture<Integer>> own = answers.subList(from, last[i]);
            outcomes[i] = Waiting.result(all(own).thenApply(any -> worst(own)), Outcome.UNAVAILABLE);
        }
    }

    @Override
    public long resize(long capacityBytes) {
        return room.resize(capacityBytes);
    }

    @Override
    public long usedBytes() {
        return room.usedBytes();
    }

    @Override
    public Usage usage() {
        return CopyBooks.usage(room, peers.stream().map(RemoteBackend::books).toList());
    }

    @Override
    public void close() {
        peers.forEach(RemoteBackend::close);
    }
}
