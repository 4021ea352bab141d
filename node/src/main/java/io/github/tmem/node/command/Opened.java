package io.github.tmem.node.command;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;

/** What a client has opened, as its session and those who take from it see it. */
sealed interface Opened permits OpenPool, OpenValues {

    /** In the place of a length: there is nothing. */
    int NONE = -1;

    /** What it was opened with. */
    PoolConfig settings();

    /** What all handles of the same pages have in common, and no two pools that are open at a time. */
    Object identity();

    /** Whether its pages end with it: no other handle of them is open. */
    boolean isOwn();

    /** How many pages there are. */
    long count();

    /** The length of what a take would bring, if nothing changes; {@link #NONE} if there is nothing. */
    int length(ObjectId object, long index);

    /** Takes a page; returns its length, or {@link #NONE}. If the destination is shorter, nothing is taken. */
    int take(ObjectId object, long index, byte[] destination);

    /** Stores again what was taken; false if that is refused. */
    boolean putBack(ObjectId object, long index, byte[] taken);

    /** Forgets a page; returns whether there was one. */
    boolean flush(ObjectId object, long index);

    /** Its client leaves it. */
    void leave();
}
