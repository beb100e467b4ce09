package io.tidegate.redis;

/**
 * What a store has done since it was built, and how it stands. The counts are read one by one while
 * others count.
 *
 * @param connected whether there is a connection now
 * @param suspended whether the server, or a node of the cluster, is not asked now
 * @param decided how many calls the server decided
 * @param trips how many script calls were sent; less than {@code decided} where calls shared one
 * @param refusedHere how many calls were refused without asking, since the server had refused
 * @param answeredByPolicy how many calls were answered by {@link WhenDown}
 * @param late how many script calls were not answered in time; the server may have charged them
 * @param failed how many script calls failed otherwise
 */
public record StoreStatus(
    boolean connected,
    boolean suspended,
    long decided,
    long trips,
    long refusedHere,
    long answeredByPolicy,
    long late,
    long failed) {}
