package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Gate;
import io.tidegate.scenarios.GateScenarios;
import io.tidegate.scenarios.Scenario;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every adapter keeps, over HTTP/2 where the client speaks it. */
class NettyHttp2ScenariosTest extends GateScenarios {

  NettyHttp2ScenariosTest() {
    super(NettyStarters.http2());
  }

  @Nested
  class Speaking extends Scenario {

    @Test
    void requests_areSpokenInHttp2() throws Exception {
      Gate gate = gate(rule("hello", 1));
      start(NettyStarters.http2(), gate, Map.of("/hello", hello()));
      for (int status : new int[] {200, 429}) {
        HttpResponse<String> response = get("/hello");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
  }
}
