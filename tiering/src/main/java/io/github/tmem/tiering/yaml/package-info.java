/**
 * Reads configuration files.
 *
 * <p>{@link io.github.tmem.tiering.yaml.ConfigFile} turns a YAML file into a
 * {@link io.github.tmem.api.config.StoreConfig}. It works on the nodes of the file rather than on plain maps, so that
 * every complaint names the line and column of the text that caused it.
 */
@NullMarked
package io.github.tmem.tiering.yaml;

import org.jspecify.annotations.NullMarked;
