package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proxies append to a field, so the order of its lines tells who wrote what. */
class HeaderValuesTest {

  @Test
  void http1_linesComeInTheirOrder() {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    Http1Request seen = new Http1Request(request, new EmbeddedChannel(), channel -> null);
    assertThat(seen.headers("X-Forwarded-For")).isEmpty();
    for (List<String> lines : List.of(List.of("1"), List.of("1", "2"), List.of("1", "2", "3"))) {
      request.headers().set("X-Forwarded-For", lines);
      assertThat(seen.headers("x-forwarded-for")).containsExactlyElementsOf(lines);
    }
  }

  @Test
  void http2_linesComeInTheirOrder() {
    Http2Headers fields = new DefaultHttp2Headers();
    Http2Request seen = new Http2Request(fields, new EmbeddedChannel(), channel -> null);
    assertThat(seen.headers("X-Forwarded-For")).isEmpty();
    for (List<String> lines : List.of(List.of("1"), List.of("1", "2"), List.of("1", "2", "3"))) {
      fields.set("x-forwarded-for", lines);
      assertThat(seen.headers("X-Forwarded-For")).containsExactlyElementsOf(lines);
    }
  }
}
