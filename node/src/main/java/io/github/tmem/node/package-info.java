/**
 * The program {@code tmem}: its commands, and what they share.
 *
 * <p>{@link io.github.tmem.node.Main} is the entry. Each command is one type; the showcase lives in
 * {@link io.github.tmem.node.demo}. Nothing else depends on this module.
 */
@NullMarked
package io.github.tmem.node;

import org.jspecify.annotations.NullMarked;
