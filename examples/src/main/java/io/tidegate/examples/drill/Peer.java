package io.tidegate.examples.drill;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/** Somebody at one address, with connections that are kept. By the load's thread alone. */
@SuppressWarnings("FutureReturnValueIgnored") // the listeners hear
final class Peer {

  /** More would come to all that a process may open, over 2,000 addresses. */
  private static final int MOST_IDLE = 1;

  private final Bootstrap bootstrap;
  private final InetSocketAddress from;
  private final InetSocketAddress to;
  private final Deque<Channel> idle = new ArrayDeque<>(2);

  Peer(Bootstrap bootstrap, String address, InetSocketAddress to) {
    this.bootstrap = bootstrap;
    this.from = new InetSocketAddress(address, 0);
    this.to = to;
  }

  void send(Exchange exchange) {
    for (Channel kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
      if (kept.isActive()) {
        Connection connection = kept.pipeline().get(Connection.class);
        connection.send(exchange);
        return;
      }
    }
    sendOnNew(exchange);
  }

  void sendOnNew(Exchange exchange) {
    ChannelFuture connecting = bootstrap.connect(to, from);
    connecting.addListener(
        done -> {
          Channel channel = connecting.channel();
          if (!done.isSuccess()) {
            exchange.answer(Answer.none(Answer.BROKEN));
          } else if (exchange.isAnswered()) {
            channel.close();
          } else {
            Connection connection = new Connection(this);
            channel.pipeline().addLast(connection);
            connection.send(exchange);
          }
        });
  }

  void keep(Channel channel) {
    if (idle.size() < MOST_IDLE) {
      idle.addLast(channel);
    } else {
      channel.close();
    }
  }

  void forget(Channel channel) {
    idle.remove(channel);
  }
}
