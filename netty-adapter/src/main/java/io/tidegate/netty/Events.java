package io.tidegate.netty;

import io.netty.channel.Channel;
import io.tidegate.client.IpAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells a listener, if there is one. */
record Events(@Nullable Consumer<? super ConnectionEvent> listener) {

  static final Events NONE = new Events(null);

  void tell(ConnectionEvent.Type type, Channel channel) {
    if (listener != null) {
      tell(type, PeerAddress.of(channel));
    }
  }

  void tell(ConnectionEvent.Type type, @Nullable IpAddress peer) {
    if (listener == null) {
      return;
    }
    try {
      listener.accept(new ConnectionEvent(type, peer));
    } catch (RuntimeException e) {
      // The listener's failure is no reason to treat the connection otherwise; and to log it would
      // write a line for each connection of a flood.
    }
  }
}
