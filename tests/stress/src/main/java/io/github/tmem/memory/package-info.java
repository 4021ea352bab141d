/** The slab allocator under jcstress, in its package because most of it is nobody else's business. */
@NullMarked
package io.github.tmem.memory;

import org.jspecify.annotations.NullMarked;
