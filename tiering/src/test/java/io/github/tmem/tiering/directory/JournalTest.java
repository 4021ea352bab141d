package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.tiering.directory.Journal.Changes;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final Changes NONE = new Changes(Set.of(), Set.of(), false);

    private final Journal journal = new Journal(2);

    @Test
    void whatWasNotedIsTakenOnce() {
        assertThat(journal.take()).isEqualTo(NONE);
        journal.note(FILE, 7);
        journal.note(OTHER);
        assertThat(journal.take()).isEqualTo(new Changes(Set.of(new PageKey(FILE, 7)), Set.of(OTHER), false));
        assertThat(journal.take()).isEqualTo(NONE);
    }

    @Test
    void ofTooMuchOnlyThatIsRemembered() {
        Changes tooMany = new Changes(Set.of(), Set.of(), true);
        for (int index = 0; index < 3; index++) {
            journal.note(FILE, index);
        }
        journal.note(OTHER);
        assertThat(journal.take()).isEqualTo(tooMany);
        journal.note(FILE, 0);
        journal.note(FILE);
        journal.note(OTHER);
        assertThat(journal.take()).as("objects count as well").isEqualTo(tooMany);
        journal.note(FILE, 0);
        journal.note(FILE, 0);
        journal.note(FILE);
        assertThat(journal.take())
                .as("each is noted once")
                .isEqualTo(new Changes(Set.of(new PageKey(FILE, 0)), Set.of(FILE), false));
    }
}
