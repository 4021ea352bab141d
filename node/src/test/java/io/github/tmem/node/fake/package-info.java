/** A page store in a map, which can be told to break one law at a time, so that the demo's checks are themselves tested. */
@NullMarked
package io.github.tmem.node.fake;

import org.jspecify.annotations.NullMarked;
