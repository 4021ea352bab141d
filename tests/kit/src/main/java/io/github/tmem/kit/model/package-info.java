/** What a pool may answer: the oracles of random tests. */
@NullMarked
package io.github.tmem.kit.model;

import org.jspecify.annotations.NullMarked;
