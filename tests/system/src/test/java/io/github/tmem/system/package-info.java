/**
 * Tests of whole stores. The chains are real; only their tiers may be test media. Replay a random run with {@code
 * -Dtmem.seed=…} and choose its length with {@code -Dtmem.operations=…}.
 */
@NullMarked
package io.github.tmem.system;

import org.jspecify.annotations.NullMarked;
