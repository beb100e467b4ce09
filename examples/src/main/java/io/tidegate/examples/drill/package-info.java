/**
 * The load drill: a service under attack, with several defences and the same load. See {@link
 * io.tidegate.examples.drill.Drill}.
 */
@NullMarked
package io.tidegate.examples.drill;

import org.jspecify.annotations.NullMarked;
