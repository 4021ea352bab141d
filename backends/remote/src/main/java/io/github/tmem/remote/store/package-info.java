/**
 * The store of a node, used from another program: {@link io.github.tmem.api.PageStore#connect}. Nothing is kept here but what
 * is on its way. See {@code docs/adr/0023-remote-store.md}.
 */
@NullMarked
package io.github.tmem.remote.store;

import org.jspecify.annotations.NullMarked;
