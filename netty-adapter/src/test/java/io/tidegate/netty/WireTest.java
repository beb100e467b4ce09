package io.tidegate.netty;

import io.netty.channel.ChannelHandler;
import io.tidegate.Gate;
import io.tidegate.Match;
import io.tidegate.Rule;
import io.tidegate.limit.ManualTicker;
import io.tidegate.limit.Quota;
import io.tidegate.scenarios.Outcomes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A gate whose clock stands still, and connections without a network. */
abstract class WireTest {

  static final String GET = "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n";
  static final String REFUSED = "GET /refused HTTP/1.1\r\nHost: a\r\n\r\n";

  final ManualTicker ticker = new ManualTicker();
  final Outcomes outcomes = new Outcomes();
  final List<ConnectionEvent> events = new ArrayList<>();

  private final List<AutoCloseable> open = new ArrayList<>();

  /** Refuses what is below /refused, and tells of the ends of the rest. */
  final Gate gate =
      closing(
          Gate.builder()
              .ticker(ticker)
              .rule(
                  Rule.named("refused")
                      .match(Match.path("/refused/**"))
                      .quota(Quota.perDay(1))
                      .cost(2)
                      .build())
              .rule(outcomes.rule(1_000_000))
              .build());

  <T extends AutoCloseable> T closing(T resource) {
    open.add(0, resource);
    return resource;
  }

  TidegateHttpHandler.Builder handler() {
    return TidegateHttpHandler.builder(gate).listener(events::add);
  }

  Wire wire() {
    return wire(handler().build());
  }

  Wire wire(ChannelHandler handler) {
    return closing(new Wire(handler));
  }

  List<ConnectionEvent.Type> eventTypes() {
    return events.stream().map(ConnectionEvent::type).toList();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }
}
