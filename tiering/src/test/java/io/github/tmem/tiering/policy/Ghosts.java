package io.github.tmem.tiering.policy;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a reference policy remembers of absent keys. */
interface Ghosts {
    void holdAtLeast(int ghosts);

    void add(long hash, int tag);

    /** The tag, or {@link GhostTable#ABSENT}. */
    int take(long hash);

    /** The table of the real policies. */
    static Ghosts table() {
        GhostTable table = new GhostTable();
        return new Ghosts() {
            @Override
            public void holdAtLeast(int ghosts) {
                table.holdAtLeast(ghosts);
            }

            @Override
            public void add(long hash, int tag) {
                table.add(hash, tag);
            }

            @Override
            public int take(long hash) {
                return table.take(hash);
            }
        };
    }

    /** A queue of whole hashes that forgets the oldest of all. */
    static Ghosts exact() {
        Map<Long, Integer> tags = new LinkedHashMap<>();
        return new Ghosts() {
            private int most = 1;

            @Override
            public void holdAtLeast(int ghosts) {
                most = Math.max(most, ghosts);
            }

            @Override
            public void add(long hash, int tag) {
                tags.remove(hash);
                tags.put(hash, tag);
                if (tags.size() > most) {
                    tags.remove(tags.keySet().iterator().next());
                }
            }

            @Override
            public int take(long hash) {
                Integer tag = tags.remove(hash);
                return tag == null ? GhostTable.ABSENT : tag;
            }
        };
    }
}
