package io.tidegate.overload;

/**
 * Classes of requests, best first. A better class goes before a worse one, whatever the tenants and
 * however long they have waited.
 */
public enum Priority {
  /** Control and health: what an operator needs in order to mend things. */
  CONTROL,
  /** Known users within their quotas. */
  ESTABLISHED,
  /** Newcomers who have paid, by work or by waiting. They alone have a floor, so none starves. */
  NEWCOMER,
  /** Those who log in and have no pass. */
  LOGIN,
  /** Anybody else. */
  ANONYMOUS,
  /** Work that can wait, and users over their quotas. */
  BATCH,
  /** Those who have drawn suspicion. */
  SUSPECT
}
