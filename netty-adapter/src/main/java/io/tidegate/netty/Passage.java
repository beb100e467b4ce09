package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.tidegate.Permit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The application's view of the permit of the request that a channel is at. Several gates may have
 * let it through; the innermost is found, and knows those around it.
 */
final class Passage implements Permit {

  private static final AttributeKey<Passage> KEY =
      AttributeKey.valueOf("io.tidegate.netty.passage");

  private final Permit permit;
  private final @Nullable Passage outer;

  private Passage(Permit permit, @Nullable Passage outer) {
    this.permit = permit;
    this.outer = outer;
  }

  static void open(Channel channel, Permit permit) {
    Attribute<Passage> attribute = channel.attr(KEY);
    attribute.set(new Passage(permit, attribute.get()));
  }

  /** Called when the response is complete, which every gate sees before the next request comes. */
  static void end(Channel channel) {
    channel.attr(KEY).set(null);
  }

  static @Nullable Passage of(Channel channel) {
    return channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
  }

  @Override
  public void markFailed() {
    for (Passage passage = this; passage != null; passage = passage.outer) {
      passage.permit.markFailed();
    }
  }

  @Override
  public void close(int status) {
    for (Passage passage = this; passage != null; passage = passage.outer) {
      passage.permit.close(status);
    }
  }

  @Override
  public Optional<String> remember(String account) {
    Optional<String> first = Optional.empty();
    for (Passage passage = this; passage != null; passage = passage.outer) {
      Optional<String> made = passage.permit.remember(account);
      first = first.isPresent() ? first : made;
    }
    return first;
  }

  @Override
  public Optional<String> account() {
    Optional<String> first = Optional.empty();
    for (Passage passage = this; passage != null && first.isEmpty(); passage = passage.outer) {
      first = passage.permit.account();
    }
    return first;
  }

  @Override
  public void onClose(Runnable action) {
    permit.onClose(action);
  }

  @Override
  public boolean isClosed() {
    return permit.isClosed();
  }
}
