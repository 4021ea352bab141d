package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.tiering.directory.Journal.Changes;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
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

    /** What is to be noted has happened: whoever notes it must not fail, and whoever asks must know that he is not told. */
    @Test
    void aNoteForWhichThereIsNoMemoryIsOneTooMany() {
        Journal poor = new Journal(2, new AbstractSet<>() {
            @Override
            public boolean add(PageKey key) {
                throw new OutOfMemoryError("as the test wants it");
            }

            @Override
            public Iterator<PageKey> iterator() {
                return Collections.emptyIterator();
            }

            @Override
            public int size() {
                return 0;
            }
        });
        poor.note(FILE, 7);
        poor.note(OTHER, 7);
        assertThat(poor.take()).isEqualTo(new Changes(Set.of(), Set.of(), true));
        poor.note(FILE, 7);
        assertThat(poor.take()).isEqualTo(new Changes(Set.of(new PageKey(FILE, 7)), Set.of(), false));
    }
}
