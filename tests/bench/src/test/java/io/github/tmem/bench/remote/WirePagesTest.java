package io.github.tmem.bench.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.bench.remote.WirePages.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WirePagesTest {
    private static final int WINDOW = 4;

    private final Recorded wire = new Recorded();

    /** Notes its calls; answers the oldest one when so many are under way that no other may be. */
    private static final class Recorded implements PageWire {
        private final List<String> calls = new ArrayList<>();
        private final Queue<Slot> underWay = new ArrayDeque<>();
        private final Set<Slot> places = new HashSet<>();
        private @Nullable String complaint;
        private int sent;
        private int last;

        @Override
        public String name() {
            return "wire";
        }

        @Override
        public int lengthMax() {
            return 8;
        }

        @Override
        public void put(int key) {
            calls.add("put " + key);
        }

        @Override
        public void get(int key, Slot slot) {
            assertThat(slot.page().byteSize()).isEqualTo(8);
            calls.add("get " + key);
        }

        @Override
        public void putAsync(int key, Slot slot) {
            send("put " + key, slot);
        }

        @Override
        public void getAsync(int key, Slot slot) {
            send("get " + key, slot);
        }

        private void send(String call, Slot slot) {
            calls.add(call);
            underWay.add(slot);
            places.add(slot);
            if (underWay.size() == WINDOW) {
                underWay.remove().landed(null);
            }
            if (++sent == last) {
                underWay.forEach(one -> one.landed(complaint));
                underWay.clear();
            }
        }

        @Override
        public void remove(int fromKey, int toKey) {
            calls.add("remove " + fromKey + " to " + toKey);
        }

        @Override
        public void close() {}
    }

    @Test
    void oneAtATimeWaitsForEach() {
        new WirePages(wire, Call.PUT, 100, 1).run(3, 5);
        new WirePages(wire, Call.GET, 0, 1).run(3, 5);
        assertThat(wire.calls).containsExactly("put 103", "put 104", "get 3", "get 4");
        assertThat(wire.sent).isZero();
    }

    @Timeout(30)
    @ParameterizedTest
    @EnumSource(Call.class)
    void asManyAsAskedForAreUnderWay(Call call) {
        wire.last = 10;
        WirePages pages = new WirePages(wire, call, 0, WINDOW);
        pages.run(0, 10);
        assertThat(wire.calls).hasSize(10);
        assertThat(wire.places).hasSize(WINDOW);

        wire.last = 20;
        pages.run(0, 10);
        assertThat(wire.calls).hasSize(20);
    }

    @Test
    void onlyPagesThatAreStoredHaveToBeGoneBefore() {
        new WirePages(wire, Call.GET, 100, 1).prepare(0, 5);
        assertThat(wire.calls).isEmpty();
        new WirePages(wire, Call.PUT, 100, 1).prepare(0, 5);
        assertThat(wire.calls).containsExactly("remove 100 to 105");
    }

    @Test
    void aPageThatComesBackWrongSpoilsTheRun() {
        wire.last = 2;
        wire.complaint = "page 1 came back changed";
        assertThatThrownBy(() -> new WirePages(wire, Call.GET, 0, WINDOW).run(0, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("wire: page 1 came back changed");
    }
}
