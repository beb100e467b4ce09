package io.tidegate.examples;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.Gate;
import io.tidegate.GateStatus;
import io.tidegate.overload.Slots;

/** {@code GET /status}: what the gate has done, in numbers. Of nobody: no address, no key. */
final class Status {

  private final Gate gate;

  Status(Gate gate) {
    this.gate = gate;
  }

  Reply answer(Ask ask) {
    GateStatus status = gate.status();
    ObjectNode json = JsonBodies.object();
    json.put("sea", status.sea().name()).put("since_seconds", status.seaSince().toSeconds());
    Slots.Report slots = status.slots();
    if (slots != null) {
      json.putObject("slots")
          .put("all", slots.slots())
          .put("in_use", slots.inUse())
          .put("waiting", slots.waiting());
    }
    ObjectNode verdicts = json.putObject("verdicts");
    status.verdicts().forEach((kind, count) -> verdicts.put(kind.name(), count));
    ArrayNode rules = json.putArray("rules");
    for (GateStatus.RuleCounts counts : status.rules()) {
      rules
          .addObject()
          .put("rule", counts.rule())
          .put("admitted", counts.admitted())
          .put("refused", counts.refused())
          .put("challenged", counts.challenged())
          .put("paid", counts.paid());
    }
    return Reply.json(200, json);
  }
}
