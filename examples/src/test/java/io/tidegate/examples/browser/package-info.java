/** The challenge page and the scripts beside it, in a real browser. */
@NullMarked
package io.tidegate.examples.browser;

import org.jspecify.annotations.NullMarked;
