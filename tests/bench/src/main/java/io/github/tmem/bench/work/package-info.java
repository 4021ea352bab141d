/** What the contestants work on: real pages, random keys, and the stores under test. */
@NullMarked
package io.github.tmem.bench.work;

import org.jspecify.annotations.NullMarked;
