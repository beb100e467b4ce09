@NullMarked
package io.tidegate.examples.drill.sim;

import org.jspecify.annotations.NullMarked;
