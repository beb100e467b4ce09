package io.tidegate;

import io.tidegate.client.ClientKey;
import java.time.Duration;

/**
 * Somebody in the penalty box.
 *
 * @param key who; its {@link ClientKey#label()} is safe to log
 * @param rule the rule that put them there, or {@code by hand}
 * @param times how many bans in a row this is, at least 1
 * @param left how long it still lasts
 */
public record Ban(ClientKey key, String rule, int times, Duration left) {}
