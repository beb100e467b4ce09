/** Netty pipeline handlers that put a gate before an application. */
module io.tidegate.netty {
  requires transitive io.tidegate.core;
  requires transitive io.netty.common;
  requires transitive io.netty.transport;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.codec.http2;
  requires io.netty.handler;
  requires static io.netty.codec.haproxy;
  requires static transitive org.jspecify;

  exports io.tidegate.netty;
}
