package io.github.tmem.node.pages;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What the pages came to, as the text shows it and as JSON, there in snake case.
 *
 * @param pages the pages stored
 * @param refused the pages the store had no room for; nothing else counts them
 * @param rawBytes the bytes of the pages stored
 * @param encodedBytes the bytes of their copies
 * @param memoryBytes all memory counted: what the tiers took from their capacities, waste included, and the directory
 * @param density raw bytes by memory bytes
 * @param sameFilled pages that one 64-bit word fills, which need no copy
 * @param rawPages pages that no codec shrank when they were put
 * @param putNs nanoseconds for a put, the median of passes over all pages
 * @param getNs the same for a get
 * @param metadataBytesPerPage bytes of the directory for a page
 * @param rssBytesPerPage bytes by which the process grew in RAM, for a page; null where the system does not say
 */
@JsonNaming(SnakeCaseStrategy.class)
public record PagesReport(
        long pages,
        long refused,
        long rawBytes,
        long encodedBytes,
        long memoryBytes,
        double density,
        long sameFilled,
        long rawPages,
        double putNs,
        double getNs,
        double metadataBytesPerPage,
        @Nullable Double rssBytesPerPage) {}
