/**
 * The section {@code node} of a configuration file: where a node listens, for whom, and within which bounds. Described in
 * {@code docs/node.md}.
 */
@NullMarked
package io.github.tmem.node.config;

import org.jspecify.annotations.NullMarked;
