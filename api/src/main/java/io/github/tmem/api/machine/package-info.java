/**
 * What tmem asks of the machine past Java, for its own modules alone: memory in huge pages, and instructions Java does not know. All
 * of it is left out where the machine does not have it, or native access is not allowed.
 */
@NullMarked
package io.github.tmem.api.machine;

import org.jspecify.annotations.NullMarked;
