/**
 * {@code tmem pages}: how many pages of given files fit into a byte of memory, and what a page costs.
 *
 * <p>{@link io.github.tmem.node.pages.PageFiles} cuts files into pages, {@link io.github.tmem.node.pages.Survey} stores
 * them and measures, and {@link io.github.tmem.node.pages.PagesReport} is what comes of it.
 */
@NullMarked
package io.github.tmem.node.pages;

import org.jspecify.annotations.NullMarked;
