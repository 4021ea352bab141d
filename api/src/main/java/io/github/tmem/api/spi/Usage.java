package io.github.tmem.api.spi;

/**
 * The memory of a backend at one moment, in bytes. {@code encodedBytes <= usedBytes <= capacityBytes} always.
 *
 * @param capacityBytes the bound
 * @param usedBytes taken from the capacity, waste included
 * @param encodedBytes the lengths of the copies held, added up
 * @param copies the number of copies held
 */
public record Usage(long capacityBytes, long usedBytes, long encodedBytes, long copies) {}
