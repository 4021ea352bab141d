/** What was measured, against what it may be: budgets, figures, the table and the JSON. */
@NullMarked
package io.github.tmem.bench.report;

import org.jspecify.annotations.NullMarked;
