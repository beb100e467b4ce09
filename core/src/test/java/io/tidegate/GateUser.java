package io.tidegate;

import io.tidegate.client.ClientKey;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** An application that uses all of a gate and closes it. Loaded by name, in a loader of its own. */
public final class GateUser implements Callable<String> {

  /** For the loader. */
  public GateUser() {}

  @Override
  public String call() {
    List<GateEvent> heard = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    Rule rule =
        Rule.named("r")
            .per(KeyBy.principal())
            .quota(Quota.perHour(1), Quota.perDay(5))
            .chargeWhen(Outcome::failed)
            .ban(BanPolicy.after(2, Duration.ofMinutes(1)).banFor(Duration.ofHours(1)))
            .build();
    try (Gate gate = Gate.builder().rule(rule).listener(heard::add).deny("192.0.2.1").build()) {
      gate.notice(SetupNotice.FILTER_TWICE);
      FakeRequest request = FakeRequest.get("/a%2fb/../c").principal("ann");
      gate.enter(request).permit().close(401);
      gate.replaceRules(List.of(rule));
      StringBuilder kinds = new StringBuilder();
      for (int i = 0; i < 3; i++) {
        Verdict verdict = gate.enter(request);
        verdict.writeFields(fields::put);
        kinds.append(verdict.kind()).append(' ');
      }
      gate.keep();
      ClientKey banned = gate.penaltyBox().list().get(0).key();
      return kinds + banned.label().substring(0, 10) + gate.status().banned() + fields.size();
    }
  }
}
