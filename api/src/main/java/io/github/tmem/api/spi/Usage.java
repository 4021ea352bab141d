package io.github.tmem.api.spi;

/**
 * The memory of a backend at one moment, in bytes. {@code encodedBytes <= usedBytes <= capacityBytes} always, but for what
 * is still to leave after {@link Backend#resize} made the capacity smaller than the use.
 *
 * @param capacityBytes the bound
 * @param usedBytes taken from the capacity, waste included
 * @param encodedBytes the lengths of the copies held, added up
 * @param copies the number of copies held
 * @param metadataBytes spent on knowing what is where, in use or not: books within the capacity and books beside it, as far
 *     as they are on this machine; 0 or above
 */
public record Usage(long capacityBytes, long usedBytes, long encodedBytes, long copies, long metadataBytes) {}
