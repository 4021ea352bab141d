package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Usage;
import java.util.HashSet;
import java.util.Set;

/** Walks everything a backend knows, and fails when two books disagree. No call may be in progress. */
final class SlabAudit {
    private final SlabPool pool;
    private final Groups groups;
    private final SlabTable table;
    private final Usage usage;
    private final int[] freeSlots;
    private final int[] movingSlots;
    private final Set<Long> chunks = new HashSet<>();
    private final Set<Long> linked = new HashSet<>();
    private final SlabBackend backend;
    private long copies;
    private long encodedBytes;
    private long slabsUsed;
    private long slots;
    private int slabsBeyond;

    private SlabAudit(SlabBackend backend) {
        this.backend = backend;
        pool = backend.copies().pool();
        groups = pool.groups();
        table = pool.table();
        usage = backend.usage();
        freeSlots = new int[groups.count()];
        movingSlots = new int[groups.count()];
    }

    static void check(SlabBackend backend) {
        new SlabAudit(backend).run();
    }

    private void run() {
        for (int slab = 0; slab < table.slabs(); slab++) {
            if (table.groupOf(slab) != SlabTable.NONE) {
                checkSlab(slab);
                slots += table.slots(slab);
            }
            boolean listed = table.use(slab) == SlabTable.LISTED;
            assertThat(
                            pool.supply().isBeyond(slab)
                                    ? listed && !table.isUnknown(slab)
                                    : table.use(slab) == SlabTable.BEYOND)
                    .as("slab %d is in service though beyond the capacity, or out of it though within", slab)
                    .isFalse();
            slabsBeyond += pool.supply().isBeyond(slab) && !table.isUnknown(slab) ? 1 : 0;
            if (table.groupOf(slab) != SlabTable.NONE || table.use(slab) != SlabTable.LISTED) {
                slabsUsed++;
                assertThat(table.isListedRightly(slab))
                        .as("list of slab %d", slab)
                        .isTrue();
            }
        }
        assertThat(linked).as("chunks of copies").isEqualTo(chunks);
        assertThat(usage.copies()).isEqualTo(copies);
        assertThat(usage.encodedBytes()).isEqualTo(encodedBytes);
        assertThat(usage.usedBytes()).isEqualTo(slabsUsed * backend.geometry().slabBytes());
        SlabTable empty = new SlabTable(backend.geometry(), new Groups(pool.classes()));
        empty.grow(table.slabs());
        if (slabsBeyond == 0) {
            assertThat(usage.usedBytes()).isLessThanOrEqualTo(usage.capacityBytes());
        }
        checkMemory();
        assertThat(usage.metadataBytes() - empty.metadataBytes())
                .as("bytes of the slots' owners and tags, and of magazines")
                .isEqualTo(slots * Geometry.OWNER_BYTES
                        + new Magazines(groups).bytes()
                        + table.tags().bytes()
                        - empty.tags().bytes());
        assertThat(usage.encodedBytes()).isLessThanOrEqualTo(usage.usedBytes());
        for (int group = 0; group < freeSlots.length; group++) {
            assertThat(groups.freeSlots(group))
                    .as("free slots of group %d", group)
                    .isEqualTo(freeSlots[group]);
            assertThat(groups.movingSlots(group))
                    .as("moving slots of group %d", group)
                    .isEqualTo(movingSlots[group]);
            checkLists(group);
        }
        for (int slab = table.firstFree(); slab != SlabTable.NONE; slab = table.next(slab)) {
            assertThat(table.groupOf(slab)).isEqualTo(SlabTable.NONE);
        }
    }

    /** What is allocated is the capacity, the rest of the first region, and regions with slabs in use beyond. */
    private void checkMemory() {
        Geometry geometry = backend.geometry();
        Set<Integer> regionsBeyond = new HashSet<>();
        for (int slab = 0; slab < table.slabs(); slab++) {
            if (pool.supply().isBeyond(slab) && !table.isUnknown(slab)) {
                regionsBeyond.add(slab / geometry.regionSlabs());
            }
        }
        long region = geometry.regionBytes(0, geometry.regionSlabs());
        assertThat(backend.allocatedBytes())
                .isLessThanOrEqualTo(Math.max(usage.capacityBytes(), region) + regionsBeyond.size() * region);
    }

    private void checkLists(int group) {
        int free = 0;
        for (int level = 0; level <= SlabTable.FULL; level++) {
            for (int slab = table.first(group, level); slab != SlabTable.NONE; slab = table.next(slab)) {
                assertThat(table.groupOf(slab)).isEqualTo(group);
                assertThat(table.live(slab)).isPositive();
                free += table.free(slab);
            }
        }
        assertThat(free).as("free slots in the lists of group %d", group).isEqualTo(freeSlots[group]);
    }

    private void checkSlab(int slab) {
        int group = table.groupOf(slab);
        int live = 0;
        int chained = 0;
        for (int slot = 0; slot < table.fresh(slab); slot++) {
            long place = Locator.placeOf(slab, slot);
            if (pool.tag(place) == Tag.FREE) {
                assertThat(slot)
                        .as("a free slot of slab %d, against where they begin", slab)
                        .isGreaterThanOrEqualTo(table.freeFrom(slab));
            } else {
                live++;
                chained += Tag.isChained(pool.tag(place)) ? 1 : 0;
                checkCopy(place, group);
            }
        }
        assertThat(table.live(slab)).as("live slots of slab %d", slab).isEqualTo(live);
        assertThat(table.chained(slab)).as("chained slots of slab %d", slab).isEqualTo(chained);
        if (table.use(slab) == SlabTable.LISTED) {
            assertThat(live).as("slots of a slab in use").isPositive();
            freeSlots[group] += table.free(slab);
        } else if (table.use(slab) == SlabTable.MOVING) {
            movingSlots[group] += live;
        }
    }

    private void checkCopy(long place, int group) {
        int tag = pool.tag(place);
        if (tag == Tag.CHUNK) {
            chunks.add(place);
            return;
        }
        copies++;
        assertThat(Tag.isStart(tag)).as("a tag of a copy: %d", tag).isTrue();
        if (Tag.state(tag) == Tag.HEAD) {
            checkChain(place, group);
        } else {
            int length = pool.slotBytes(place) - pool.unused(place);
            assertThat(length).isBetween(1, pool.slotBytes(place));
            encodedBytes += length;
        }
    }

    private void checkChain(long head, int group) {
        PageKind kind = groups.kind(group);
        int length = Chunks.length(pool.chunkWord(head));
        int count = 0;
        for (int link = Chunks.link(pool.chunkWord(head)); link != Chunks.NO_LINK; count++) {
            long place = Chunks.place(link);
            assertThat(pool.tag(place)).isEqualTo(Tag.CHUNK);
            assertThat(Chunks.head(pool.chunkWord(place))).isEqualTo(head);
            assertThat(table.groupOf(Locator.slab(place))).isEqualTo(groups.ofChunks(kind));
            assertThat(linked.add(place)).as("a chunk belongs to one copy").isTrue();
            link = Chunks.link(pool.chunkWord(place));
        }
        assertThat(count).isEqualTo(Chunks.count(length));
        encodedBytes += length;
    }
}
