/**
 * Connections for callers that wait: {@link io.github.tmem.remote.line.Line} is one, {@link io.github.tmem.remote.line.Lines}
 * those of one server.
 */
@NullMarked
package io.github.tmem.remote.line;

import org.jspecify.annotations.NullMarked;
