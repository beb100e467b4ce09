/** Tests of the load drill. */
@NullMarked
package io.tidegate.examples.drill;

import org.jspecify.annotations.NullMarked;
