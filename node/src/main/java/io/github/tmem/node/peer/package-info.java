/**
 * The peer port: connections, TLS, and on which thread requests run. See {@code docs/node.md}.
 */
@NullMarked
package io.github.tmem.node.peer;

import org.jspecify.annotations.NullMarked;
