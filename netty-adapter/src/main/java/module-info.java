/** Netty pipeline handlers that put a gate before an application. */
module io.tidegate.netty {
  requires transitive io.tidegate.core;
  requires transitive io.netty.codec.http;
  requires transitive io.netty.codec.http2;
  requires static transitive org.jspecify;
}
