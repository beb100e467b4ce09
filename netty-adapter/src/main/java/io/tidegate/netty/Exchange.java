package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.tidegate.Verdict;

/**
 * An admitted request whose response is not complete. As the listener of the response's last part
 * it closes the permit, when that part is with the socket or is known to get nowhere.
 */
final class Exchange implements ChannelFutureListener {

  private final Verdict verdict;
  private int status;

  private Exchange(Verdict verdict) {
    this.verdict = verdict;
  }

  static Exchange open(Verdict verdict, Channel channel) {
    Passage.open(channel, verdict.permit());
    return new Exchange(verdict);
  }

  Verdict verdict() {
    return verdict;
  }

  /** The final response has begun; informational ones are none. */
  void answered(int status) {
    this.status = status;
  }

  boolean isAnswered() {
    return status != 0;
  }

  /** The request ends as far as it got. */
  void close() {
    verdict.permit().close(status);
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    close();
  }
}
