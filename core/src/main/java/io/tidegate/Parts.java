package io.tidegate;

import io.tidegate.client.ClientResolver;
import io.tidegate.limit.KeyedHash;
import io.tidegate.limit.KeyedRateLimiter;
import org.jspecify.annotations.Nullable;

/**
 * What a gate has for life, whatever its rules.
 *
 * @param clients who is asking
 * @param hash under which keys are known in here
 * @param box who is banned
 * @param preflights how many questions of browsers are free for an address
 * @param exempt what passes without a look
 * @param onFailure what to do if the gate itself fails
 * @param reports what operators are told
 * @param own what the gate answers itself; null if it challenges nobody
 * @param pressure how hard pressed the service is
 * @param guard who gives out slots; null if there are none
 */
record Parts(
    ClientResolver clients,
    KeyedHash hash,
    PenaltyBox box,
    KeyedRateLimiter<Long> preflights,
    @Nullable Match exempt,
    FailurePolicy onFailure,
    Reports reports,
    @Nullable OwnPaths own,
    Pressure pressure,
    @Nullable Guard guard) {}
