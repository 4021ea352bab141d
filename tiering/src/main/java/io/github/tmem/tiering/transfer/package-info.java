/**
 * Pools as a whole: what writes all pages of a pool while it is in use, and what puts them into another.
 *
 * <p>Integers are big-endian, object ids three words. A stream is passes one after the other:
 *
 * <pre>
 *   pass:    "tmempool" | version 4 | page size 4 | kind 1 | scope 1 | export 8 | number 8 | CRC
 *            records
 *            END 1 | pages 8 | forgotten 8 | CRC
 *
 *   record:  PAGE 1 | object 24 | index 8 | the bytes of the page | CRC
 *            FORGOTTEN 1 | object 24 | index 8 | CRC
 *            FORGOTTEN_OBJECT 1 | object 24 | CRC
 * </pre>
 *
 * Each CRC-32C is of everything in the pass that stands before it, other CRCs left out: so it also tells of records that
 * are missing, doubled or in another order.
 */
@NullMarked
package io.github.tmem.tiering.transfer;

import org.jspecify.annotations.NullMarked;
