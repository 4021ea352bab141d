/**
 * The showcase: real pages through a real chain by several threads, every byte checked.
 *
 * <p>{@link io.github.tmem.node.demo.PageSource} supplies the pages, {@link io.github.tmem.node.demo.DemoPlan} says what
 * is done with them and where, {@link io.github.tmem.node.demo.DemoRun} does it with one
 * {@link io.github.tmem.node.demo.Worker} for each thread, and each worker's
 * {@link io.github.tmem.node.demo.VerifiedPool} compares everything the store says with what the laws allow.
 * {@link io.github.tmem.node.demo.DemoReport} holds the figures.
 */
@NullMarked
package io.github.tmem.node.demo;

import org.jspecify.annotations.NullMarked;
