package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.tidegate.client.IpAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Whose a connection is. */
final class PeerAddress {

  static final AttributeKey<IpAddress> KEY = AttributeKey.valueOf("io.tidegate.netty.peer");

  private PeerAddress() {}

  /**
   * The address that a PROXY header named, else that of the socket, worked out once for each
   * connection. A stream has that of its connection.
   */
  static @Nullable IpAddress of(Channel channel) {
    Channel connection = channel instanceof Http2StreamChannel ? channel.parent() : channel;
    Attribute<IpAddress> attribute = connection.attr(KEY);
    IpAddress known = attribute.get();
    if (known == null) {
      known = ofSocket(connection);
      attribute.set(known);
    }
    return known;
  }

  /** Whether the connection, or that of a stream, is encrypted by its own pipeline. */
  static boolean isEncrypted(Channel channel) {
    Channel connection = channel instanceof Http2StreamChannel ? channel.parent() : channel;
    return connection.pipeline().get(SslHandler.class) != null;
  }

  static @Nullable IpAddress ofSocket(Channel connection) {
    SocketAddress socket = connection.remoteAddress();
    return socket instanceof InetSocketAddress inet && inet.getAddress() != null
        ? IpAddress.of(inet.getAddress())
        : null;
  }
}
