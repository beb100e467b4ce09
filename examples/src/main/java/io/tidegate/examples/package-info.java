/** The demo: a small AI service behind the gate. */
@NullMarked
package io.tidegate.examples;

import org.jspecify.annotations.NullMarked;
