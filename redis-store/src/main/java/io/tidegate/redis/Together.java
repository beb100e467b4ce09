package io.tidegate.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls that one run of {@link Script#DECIDE} decides, as it is told of them. */
final class Together {

  final String[] keys;
  final String[] args;

  Together(List<Call> calls) {
    Map<String, String> places = new LinkedHashMap<>(); // of keys among the script's, from 1
    List<String> told = new ArrayList<>(4 * calls.size());
    for (Call call : calls) {
      told.add(Integer.toString(call.charges.size()));
      for (RedisCharge charge : call.charges) {
        String key = charge.serverKey;
        String place = places.get(key);
        if (place == null) {
          place = Integer.toString(places.size() + 1);
          places.put(key, place);
        }
        told.add(place);
        told.add(charge.limit.tolerance);
        told.add(Long.toString(call.cost(charge)));
      }
    }
    this.keys = places.keySet().toArray(String[]::new);
    this.args = told.toArray(String[]::new);
  }
}
