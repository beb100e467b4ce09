package io.tidegate.netty;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.tidegate.Gate;
import io.tidegate.SetupNotice;
import java.util.Map;

/** What stands in a pipeline for a gate, with the state of one connection or stream. */
interface GateHandler extends ChannelHandler {

  Gate gate();

  /**
   * Puts a handler in the place of the one that was asked to serve all pipelines. A gate that is in
   * the pipeline already would decide every request twice; it says so, and the place is left.
   */
  static void install(GateHandler handler, ChannelHandlerContext place) {
    for (Map.Entry<String, ChannelHandler> entry : place.pipeline()) {
      if (entry.getValue() instanceof GateHandler other && other.gate() == handler.gate()) {
        handler.gate().notice(SetupNotice.FILTER_TWICE);
        place.pipeline().remove(place.name());
        return;
      }
    }
    place.pipeline().replace(place.name(), place.name(), handler);
  }
}
