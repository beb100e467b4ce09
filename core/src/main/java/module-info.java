/** Limits, challenges, overload control and the gate: everything but a web server. */
module io.tidegate.core {
  requires static transitive org.jspecify;
  requires com.github.benmanes.caffeine;
  requires org.slf4j;
  requires static transitive java.net.http;

  exports io.tidegate;
  exports io.tidegate.challenge;
  exports io.tidegate.client;
  exports io.tidegate.http;
  exports io.tidegate.limit;
  exports io.tidegate.overload;
}
