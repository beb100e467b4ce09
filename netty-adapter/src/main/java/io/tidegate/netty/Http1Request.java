package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.tidegate.GateRequest;
import io.tidegate.client.IpAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request of HTTP/1.1 as a gate sees it. */
record Http1Request(
    HttpRequest request, Channel channel, Function<? super Channel, @Nullable String> principals)
    implements GateRequest {

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    return RequestTarget.path(request.uri());
  }

  /** The target's host goes before the field (RFC 9112, section 3.2.2). */
  @Override
  public @Nullable String host() {
    String host = RequestTarget.host(request.uri());
    return host != null ? host : request.headers().get(HttpHeaderNames.HOST);
  }

  @Override
  public @Nullable IpAddress peer() {
    return PeerAddress.of(channel);
  }

  @Override
  public boolean isSecure() {
    return PeerAddress.isEncrypted(channel);
  }

  @Override
  public @Nullable String header(String name) {
    return request.headers().get(name);
  }

  @Override
  public Iterable<String> headers(String name) {
    HttpHeaders fields = request.headers();
    return HeaderValues.of(fields.valueStringIterator(name), () -> fields.getAll(name));
  }

  @Override
  public @Nullable String principal() {
    return principals.apply(channel);
  }
}
