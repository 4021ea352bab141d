/** What every command needs to talk to people: figures, tables, progress, and the one exception for their mistakes. */
@NullMarked
package io.github.tmem.node.console;

import org.jspecify.annotations.NullMarked;
