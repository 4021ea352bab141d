/** The directory under jcstress, in its package because most of it is nobody else's business. */
@NullMarked
package io.github.tmem.tiering.directory;

import org.jspecify.annotations.NullMarked;
