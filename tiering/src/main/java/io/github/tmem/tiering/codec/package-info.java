/**
 * Pages in the form in which tiers hold them: encoded once at the head of the chain, checked by length and CRC32C
 * wherever they are read (L6).
 */
@NullMarked
package io.github.tmem.tiering.codec;

import org.jspecify.annotations.NullMarked;
