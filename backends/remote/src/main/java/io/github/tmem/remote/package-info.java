/**
 * The tier {@code remote}: copies in a server that speaks the Redis protocol, one key each.
 *
 * <p>{@link io.github.tmem.remote.RemoteBackend} turns puts, gets and flushes into commands and answers into outcomes.
 * {@link io.github.tmem.remote.CopyKeys} and {@link io.github.tmem.remote.CopyValue} are what the server sees of a copy.
 * {@link io.github.tmem.remote.Link} is the way there: it connects, examines, notices when there is no answer, and then
 * keeps operations from waiting. {@link io.github.tmem.remote.Session} looks after what this opening of the tier has in
 * the server, and clears away what others left that have died. {@link io.github.tmem.remote.CopyBooks} knows what the
 * server may hold.
 */
@NullMarked
package io.github.tmem.remote;

import org.jspecify.annotations.NullMarked;
