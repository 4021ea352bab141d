/** Changing the tiers of a store, and moving pools from one store to another, while they are in use. */
@NullMarked
package io.github.tmem.api.live;

import org.jspecify.annotations.NullMarked;
