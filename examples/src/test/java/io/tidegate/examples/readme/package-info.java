/** The sources of every Java snippet in the project's documents, so that each compiles. */
@NullMarked
package io.tidegate.examples.readme;

import org.jspecify.annotations.NullMarked;
