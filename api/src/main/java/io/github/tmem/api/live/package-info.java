/** Changing the tiers of a store while it runs. */
@NullMarked
package io.github.tmem.api.live;

import org.jspecify.annotations.NullMarked;
