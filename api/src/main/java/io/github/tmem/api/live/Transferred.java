package io.github.tmem.api.live;

/**
 * What one pass of an export wrote, or what a restore did.
 *
 * @param pages pages written, or stored
 * @param forgotten keys and objects of which it says that they are to be forgotten
 */
public record Transferred(long pages, long forgotten) {}
