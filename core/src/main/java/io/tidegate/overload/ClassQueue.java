package io.tidegate.overload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Those of one class who wait: each tenant's in the order of arrival, and the least served tenant
 * first.
 *
 * <p>A tenant's count goes up with every slot that it is handed from the queue. One that did not
 * wait for a while is lifted to the least count of those who do, so that nobody saves up a claim.
 * If nobody waits, it is lifted to the count of the tenant who left last. Counts of tenants who do
 * not wait are kept for the last {@link #REMEMBERED} of them; one that is forgotten comes back at
 * the least count, no better. Slots that were free at once are nobody's debt.
 *
 * <p>Source: Sheng et al., "Fairness in serving large language models" (OSDI 2024): the virtual
 * token counter, with one token a slot. Under the queue's lock. To come and to go costs the
 * logarithm of those who wait, but for one who gives up in the middle of a tenant's queue.
 */
final class ClassQueue {

  static final int REMEMBERED = 1_024;

  private static final Comparator<Tenant> NEXT_FIRST =
      Comparator.<Tenant>comparingLong(tenant -> tenant.count)
          .thenComparingLong(tenant -> tenant.queue.element().number);

  private final Map<Long, Tenant> tenants = new HashMap<>();

  /** The same tenants. One is taken out before its count or its head changes. */
  private final TreeSet<Tenant> inOrder = new TreeSet<>(NEXT_FIRST);

  private final TreeSet<Queued> byArrival =
      new TreeSet<>(Comparator.comparingLong((Queued queued) -> queued.number));
  private final Map<Long, Long> remembered = new LinkedHashMap<>();
  private long lastCount;

  private static final class Tenant {
    final long id;
    final ArrayDeque<Queued> queue = new ArrayDeque<>(2);
    long count;

    Tenant(long id, long count) {
      this.id = id;
      this.count = count;
    }
  }

  int size() {
    return byArrival.size();
  }

  /** Of how many tenants who do not wait a count is kept. */
  int remembered() {
    return remembered.size();
  }

  void add(Queued queued) {
    byArrival.add(queued);
    Tenant tenant = tenants.get(queued.tenant);
    if (tenant != null) {
      tenant.queue.add(queued);
      return;
    }
    tenant = new Tenant(queued.tenant, countOf(queued.tenant));
    tenant.queue.add(queued);
    tenants.put(tenant.id, tenant);
    inOrder.add(tenant);
  }

  private long countOf(long tenant) {
    long least = inOrder.isEmpty() ? lastCount : inOrder.first().count;
    Long count = remembered.remove(tenant);
    return count == null ? least : Math.max(count, least);
  }

  /** Takes out the first of the least served tenant who is not late, and all it meets who are. */
  @Nullable Queued poll(long now, List<Queued> told) {
    while (!inOrder.isEmpty()) {
      Tenant tenant = inOrder.first();
      Queued head = tenant.queue.element();
      boolean late = head.isLate(now);
      take(tenant, head, late ? 0 : 1);
      if (!late) {
        return head;
      }
      told.add(head.refuse(Refusal.TOO_LATE));
    }
    return null;
  }

  /** Takes out whoever came last; the class must not be empty. */
  Queued pollNewest() {
    Queued newest = byArrival.last();
    remove(newest);
    return newest;
  }

  /** How many of a tenant wait. */
  int waitingOf(long tenant) {
    Tenant found = tenants.get(tenant);
    return found == null ? 0 : found.queue.size();
  }

  /**
   * Takes out the newest of the tenant with the most who wait; null if they are fewer than this.
   */
  @Nullable Queued pollGreediest(int least) {
    Tenant most = null;
    for (Tenant tenant : tenants.values()) {
      boolean more = most == null || tenant.queue.size() > most.queue.size();
      boolean newer =
          most != null
              && tenant.queue.size() == most.queue.size()
              && tenant.queue.getLast().number > most.queue.getLast().number;
      most = more || newer ? tenant : most;
    }
    if (most == null || most.queue.size() < least) {
      return null;
    }
    Queued newest = most.queue.getLast();
    remove(newest);
    return newest;
  }

  /** Takes one out who leaves; does nothing if he is not there. */
  void remove(Queued queued) {
    Tenant tenant = byArrival.contains(queued) ? tenants.get(queued.tenant) : null;
    if (tenant != null) {
      take(tenant, queued, 0);
    }
  }

  private void take(Tenant tenant, Queued queued, int served) {
    inOrder.remove(tenant);
    byArrival.remove(queued);
    if (queued == tenant.queue.peekLast()) {
      tenant.queue.removeLast();
    } else {
      tenant.queue.removeFirstOccurrence(queued);
    }
    tenant.count += served;
    if (!tenant.queue.isEmpty()) {
      inOrder.add(tenant);
      return;
    }
    tenants.remove(tenant.id);
    lastCount = tenant.count; // of use only if nobody is left
    remember(tenant);
  }

  private void remember(Tenant tenant) {
    remembered.put(tenant.id, tenant.count);
    if (remembered.size() > REMEMBERED) {
      Iterator<Long> oldest = remembered.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** Takes out all who are late, and returns when the next of the others will be. */
  long expire(long now, List<Queued> told) {
    long next = Long.MAX_VALUE;
    List<Queued> late = new ArrayList<>();
    for (Queued queued : byArrival) {
      if (queued.isLate(now)) {
        late.add(queued.refuse(Refusal.TOO_LATE));
      } else {
        next = Math.min(next, queued.lateAfter);
      }
    }
    late.forEach(this::remove);
    told.addAll(late);
    return next;
  }
}
