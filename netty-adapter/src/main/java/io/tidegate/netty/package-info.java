/** Netty pipeline handlers: a request becomes core's view of one, core's verdict a response. */
@NullMarked
package io.tidegate.netty;

import org.jspecify.annotations.NullMarked;
