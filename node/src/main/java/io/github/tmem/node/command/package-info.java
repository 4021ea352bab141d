/**
 * The commands of the peer port, and what they work on: the user's values, named pools, sessions. They know requests and
 * answers, no connection. Described in {@code docs/node.md}.
 */
@NullMarked
package io.github.tmem.node.command;

import org.jspecify.annotations.NullMarked;
