package io.tidegate.netty;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.tidegate.GateRequest;
import io.tidegate.client.IpAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request of HTTP/2 as a gate sees it. What a malformed one lacks is empty. */
record Http2Request(
    Http2Headers fields, Channel channel, Function<? super Channel, @Nullable String> principals)
    implements GateRequest {

  @Override
  public String method() {
    return orEmpty(fields.method());
  }

  @Override
  public String path() {
    return RequestTarget.path(orEmpty(fields.path()));
  }

  private static String orEmpty(@Nullable CharSequence text) {
    return text == null ? "" : text.toString();
  }

  @Override
  public @Nullable String host() {
    CharSequence authority = fields.authority();
    return orNull(authority == null ? fields.get(HttpHeaderNames.HOST) : authority);
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
    return orNull(fields.get(FieldNames.lower(name)));
  }

  private static @Nullable String orNull(@Nullable CharSequence text) {
    return text == null ? null : text.toString();
  }

  @Override
  public Iterable<String> headers(String name) {
    CharSequence lower = FieldNames.lower(name);
    return HeaderValues.of(fields.valueIterator(lower), () -> fields.getAll(lower));
  }

  @Override
  public @Nullable String principal() {
    return principals.apply(channel);
  }
}
