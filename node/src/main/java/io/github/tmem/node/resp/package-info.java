/**
 * The Redis protocol as a server speaks it: requests out of bytes, with every length checked before anything is allocated,
 * and answers into bytes. Knows nothing of stores.
 */
@NullMarked
package io.github.tmem.node.resp;

import org.jspecify.annotations.NullMarked;
