/** Servers as processes of their own, for tests of what talks to them: started on free ports, frozen, killed, always ended. */
@NullMarked
package io.github.tmem.kit.process;

import org.jspecify.annotations.NullMarked;
