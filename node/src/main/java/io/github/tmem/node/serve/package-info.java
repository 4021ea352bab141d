/** A node from start to end: store, peer port, signals. */
@NullMarked
package io.github.tmem.node.serve;

import org.jspecify.annotations.NullMarked;
