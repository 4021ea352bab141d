/**
 * The way of live test objects into a real store. A store finds backends by {@link java.util.ServiceLoader} under a type
 * name; the types {@code test-keyed}, {@code test-located} and {@code wrapped} look up what a test registered with {@link
 * io.github.tmem.kit.provider.TestBackends} under the setting {@code instance}.
 */
@NullMarked
package io.github.tmem.kit.provider;

import org.jspecify.annotations.NullMarked;
