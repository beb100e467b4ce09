/** The drill's report: one JSON document, and one page that needs nothing else. */
@NullMarked
package io.tidegate.examples.drill.report;

import org.jspecify.annotations.NullMarked;
