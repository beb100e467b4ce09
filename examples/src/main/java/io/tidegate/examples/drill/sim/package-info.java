/** The drill's simulated part: the same attack at internet scale, on a clock moved by hand. */
@NullMarked
package io.tidegate.examples.drill.sim;

import org.jspecify.annotations.NullMarked;
