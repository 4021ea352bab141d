package io.github.tmem.kit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.contract.BackendContract;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrappedKeyedTest extends BackendContract {
    /** Mistakes that tests of the suite make on purpose. */
    private static final Pattern PROVOKED = Pattern.compile("put of \\d+ bytes|flush of copy \\d+, which nobody put");

    private final List<CheckingBackend> checking = new ArrayList<>();

    @AfterAll
    void nobodyBrokeARule() {
        assertThat(checking).flatExtracting(CheckingBackend::mistakes).allMatch(PROVOKED.asMatchPredicate());
        assertThat(checking).allMatch(backend -> backend.copiesAlive() == 0, "no copy leaked");
    }

    @Override
    protected Backend open(long capacityBytes) {
        return wrap(KeyedTestBackend.slow(capacityBytes));
    }

    /** All wrappers at once, quiet: together they must change nothing. */
    private Backend wrap(Backend backend) {
        Backend faulty = new FaultyBackend(backend, 1).asBackend();
        Backend blocking = new BlockingBackend(faulty, new Gate(), "tier").asBackend();
        checking.add(new CheckingBackend(blocking));
        return checking.getLast().asBackend();
    }
}
