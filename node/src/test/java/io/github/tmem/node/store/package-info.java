/** The store of a node, used from other programs. */
@NullMarked
package io.github.tmem.node.store;

import org.jspecify.annotations.NullMarked;
