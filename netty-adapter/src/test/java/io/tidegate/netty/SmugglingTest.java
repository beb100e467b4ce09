package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose end servers and proxies see in different places: what follows is never served. */
class SmugglingTest extends WireTest {

  private static final Pattern BAR = Pattern.compile("\\|");
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  private final AtomicInteger smuggled = new AtomicInteger();
  private NettyServer server;

  @BeforeEach
  void start() {
    TidegateHttpHandler handler = handler().build();
    server = Servers.http1(handler, this, "/ok", "/smuggled", smuggled);
  }

  /** Lines are set apart by bars; a header that all have is left out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5|Content-Length: 6||hello",
        "Content-Length: 5|Content-Length: 5||hello",
        "Content-Length: 5, 5||hello",
        "Content-Length: +5||hello",
        "Content-Length: 0x5||hello",
        "Content-Length: -1||hello",
        "Content-Length: 99999999999999999999||hello",
        "Content-Length:||hello",
        "Content-Length : 5||hello",
        "Content-Length: 40|Transfer-Encoding: chunked||0||",
        "Transfer-Encoding: chunked|Content-Length: 40||0||",
        "Transfer-Encoding: xchunked||",
        "Transfer-Encoding: xchunked|Content-Length: 37||",
        "Transfer-Encoding: chunked, identity||0||",
        "Transfer-Encoding: identity|Content-Length: 3||abc",
        "Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
        "Transfer-Encoding : chunked||0||",
        "Transfer-Encoding:\u000bchunked||0||",
        "Transfer-Encoding:| chunked||0||",
        "Transfer-Encoding: chunked||5;a\nb|hello|0||",
        "Transfer-Encoding: chunked||5\nhello|0||",
        "Transfer-Encoding: chunked||0x5|hello|0||",
        "Transfer-Encoding: chunked|| 5|hello|0||",
        "Transfer-Encoding: chunked||+5|hello|0||",
        "Transfer-Encoding: chunked||5 5|hello|0||",
        "Transfer-Encoding: chunked||5|helloXX0||",
        "Transfer-Encoding: chunked||fffffffffffffffff|hello|0||",
        "A: b\nContent-Length: 5\n\nhello",
        "A: b\rContent-Length: 5||hello",
        "A\0: b||",
      })
  void oddFraming_isRefused_andNothingBehindItIsServed(String shape) throws Exception {
    String rest = BAR.matcher(shape).replaceAll("\r\n");
    String answer =
        Servers.exchange(server, "POST /ok HTTP/1.1\r\nHost: a\r\n" + rest + "\r\n" + SMUGGLED);
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("connection: close");
    assertThat(smuggled).hasValue(0);
    assertThat(Servers.exchange(server, GET.replace("GET", "HEAD")))
        .as("others go on")
        .contains("200");
  }
}
