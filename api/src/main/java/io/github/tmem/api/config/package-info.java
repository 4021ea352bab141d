/**
 * The configuration of a store: one tree of immutable records, validated when built, whether it came from a YAML file
 * or from {@link io.github.tmem.api.PageStore.Builder}.
 */
@NullMarked
package io.github.tmem.api.config;

import org.jspecify.annotations.NullMarked;
