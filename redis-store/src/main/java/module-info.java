/** One quota shared by many nodes, on Redis or Valkey. */
module io.tidegate.redis {
  requires transitive io.tidegate.core;
  requires transitive lettuce.core;
  requires io.github.resilience4j.circuitbreaker;
  requires io.github.resilience4j.core;
  requires com.github.benmanes.caffeine;
  requires io.netty.common;
  requires io.netty.transport;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.tidegate.redis;
}
