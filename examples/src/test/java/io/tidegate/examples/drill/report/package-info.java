@NullMarked
package io.tidegate.examples.drill.report;

import org.jspecify.annotations.NullMarked;
