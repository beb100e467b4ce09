package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.tidegate.Permit;
import org.jspecify.annotations.Nullable;

/**
 * Where the application finds the permit of the request that a channel is at: in an attribute of
 * the channel. Several gates may have let the request through.
 */
final class Passage {

  private static final AttributeKey<Permit> KEY = AttributeKey.valueOf("io.tidegate.netty.passage");

  private Passage() {}

  static void open(Channel channel, Permit permit) {
    Attribute<Permit> attribute = channel.attr(KEY);
    Permit outer = attribute.get();
    attribute.set(outer == null ? permit : Permit.nested(permit, outer));
  }

  /** Called when the response is complete, which every gate sees before the next request comes. */
  static void end(Channel channel) {
    channel.attr(KEY).set(null);
  }

  static @Nullable Permit of(Channel channel) {
    return channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
  }
}
