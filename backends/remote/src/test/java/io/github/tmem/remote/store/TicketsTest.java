package io.github.tmem.remote.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.remote.store.Tickets.Name;
import io.github.tmem.remote.store.Tickets.Parked;
import io.github.tmem.remote.store.Tickets.Ticket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With which ticket a page is asked for while it may be on its way back to its pool. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TicketsTest {
    private static final long PATIENCE = 10_000_000_000L;
    private static final Name NAME = new Name(0, ObjectId.of(7), 1);
    private static final Name OTHER = new Name(1, ObjectId.of(7), 1);

    private final AtomicInteger shortages = new AtomicInteger();
    private final Tickets tickets = new Tickets(shortages::incrementAndGet);

    private Ticket giveUp(Name name) {
        Ticket ticket = tickets.begin(name, PATIENCE);
        tickets.unanswered(name, ticket);
        return ticket;
    }

    @Test
    void whatIsBeingGivenBackIsNotAskedForWithItsTicket() {
        Ticket given = giveUp(NAME);
        Parked parked = tickets.returns().getFirst();
        assertThat(parked.ticket()).isEqualTo(given.number());
        Ticket next = tickets.begin(NAME, PATIENCE);
        assertThat(next.number()).isNotEqualTo(given.number());
        assertThat(next.returning()).as("a miss may come before the page").isTrue();
        assertThat(tickets.isDoubtful(NAME)).isTrue();
        assertThat(tickets.isDoubtful(OTHER)).isFalse();

        tickets.settled(parked);
        assertThat(tickets.isDoubtful(NAME)).isFalse();
        assertThat(tickets.begin(NAME, PATIENCE).returning()).isFalse();
    }

    @Test
    void whatCouldNotBeGivenBackIsAskedForAgain() {
        Ticket given = giveUp(NAME);
        Parked parked = tickets.returns().getFirst();
        tickets.unsettled(parked);
        assertThat(tickets.begin(NAME, PATIENCE)).isEqualTo(new Ticket(given.number(), true, false));
        tickets.settled(parked);
        assertThat(tickets.returns()).as("it is under way").isEmpty();
    }

    @Test
    void aPlaceIsFreeOnceAndOnlyWhenItIsSettled() {
        for (int i = 0; i < Tickets.LANES; i++) {
            giveUp(new Name(0, ObjectId.of(i), 0));
        }
        assertThat(tickets.isShort()).isTrue();
        List<Parked> all = tickets.returns();
        assertThat(all).hasSize(Tickets.LANES);
        assertThat(tickets.isShort()).as("nothing is left to be given back").isFalse();
        assertThat(shortages).hasValue(0);
        tickets.settled(all.getFirst());
        tickets.settled(all.getFirst());
        tickets.unsettled(all.getFirst());
        Ticket only = tickets.begin(NAME, PATIENCE);
        assertThat(only.number()).isEqualTo(all.getFirst().ticket() + Tickets.LANES);
        tickets.unanswered(NAME, only);
        all.stream().skip(1).forEach(tickets::unsettled);
        assertThat(tickets.isShort()).as("every place is taken").isTrue();
        assertThat(tickets.of(0)).as("each by one").hasSize(Tickets.LANES).doesNotHaveDuplicates();
        assertThat(tickets.begin(NAME, PATIENCE)).isEqualTo(new Ticket(only.number(), true, false));
    }

    @Test
    void whoWaitsForATicketSaysSo() {
        for (int i = 0; i < Tickets.LANES; i++) {
            giveUp(new Name(0, ObjectId.of(i), 0));
        }
        Thread waiting = Thread.ofPlatform().start(() -> tickets.begin(NAME, PATIENCE));
        while (shortages.get() == 0) {
            Thread.onSpinWait();
        }
        tickets.returns().forEach(tickets::settled);
        assertThat(join(waiting)).isTrue();
    }

    /** Takes all places but so many, which are taken, with takes that stay under way. */
    private void takeOtherLanes(int taken) {
        for (int i = taken; i < Tickets.LANES; i++) {
            assertThat(tickets.begin(new Name(2, ObjectId.of(i), 0), PATIENCE)).isNotNull();
        }
    }

    @Test
    void whoWaitsSaysSoWhenATakeIsGivenUpMeanwhile() {
        Ticket given = tickets.begin(OTHER, PATIENCE);
        takeOtherLanes(1);
        CompletableFuture<Ticket> waiting = beginAndWait(NAME);
        assertThat(shortages).as("none can be given back").hasValue(0);
        tickets.unanswered(OTHER, given);
        while (shortages.get() == 0) {
            Thread.onSpinWait();
        }
        tickets.returns().forEach(tickets::settled);
        assertThat(waiting.join()).isEqualTo(new Ticket(given.number() + Tickets.LANES, false, false));
    }

    @Test
    void whoWaitsDoesNotAskAgainForWhatCannotBeGivenBack() {
        for (int i = 0; i < Tickets.LANES; i++) {
            giveUp(new Name(2, ObjectId.of(i), 0));
        }
        CompletableFuture<Ticket> waiting = beginAndWait(NAME);
        tickets.returns().forEach(tickets::unsettled);
        tickets.returns().forEach(tickets::settled);
        assertThat(waiting.join().asked()).isFalse();
        assertThat(shortages).hasValue(1);
    }

    /** Begins a take when every place is taken by one that is under way; returns it once it waits. */
    private CompletableFuture<Ticket> beginAndWait(Name name) {
        CompletableFuture<Ticket> begun = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> begun.complete(tickets.begin(name, PATIENCE)));
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return begun;
    }

    @Test
    void whatIsGivenUpWhileATakeOfItWaitsIsAskedForWithItsTicket() {
        Ticket given = tickets.begin(NAME, PATIENCE);
        takeOtherLanes(1);
        CompletableFuture<Ticket> waiting = beginAndWait(NAME);
        tickets.unanswered(NAME, given);
        assertThat(waiting.join()).isEqualTo(new Ticket(given.number(), true, false));
        assertThat(tickets.returns()).as("it is under way").isEmpty();
    }

    @Test
    void whatGoesBackWhileATakeOfItWaitsMayComeAfterItsMiss() {
        Ticket given = tickets.begin(NAME, PATIENCE);
        Ticket another = tickets.begin(OTHER, PATIENCE);
        takeOtherLanes(2);
        CompletableFuture<Ticket> waiting = beginAndWait(NAME);
        synchronized (tickets) { // else the take could find it between the two
            tickets.unanswered(NAME, given);
            assertThat(tickets.returns()).hasSize(1);
        }
        tickets.answered(another);
        assertThat(waiting.join()).isEqualTo(new Ticket(another.number() + Tickets.LANES, false, true));
    }

    private static boolean join(Thread thread) {
        try {
            thread.join();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPoolThatIsClosedNamesAllOfItsTickets() {
        Ticket one = giveUp(NAME);
        List<Parked> returning = tickets.returns();
        Ticket two = giveUp(NAME);
        Ticket foreign = giveUp(OTHER);
        assertThat(tickets.of(0)).containsExactlyInAnyOrder(one.number(), two.number());
        tickets.forget(0);
        returning.forEach(tickets::settled);
        assertThat(tickets.of(0)).isEmpty();
        assertThat(tickets.of(1)).containsExactly(foreign.number());
    }
}
