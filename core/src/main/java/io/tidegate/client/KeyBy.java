package io.tidegate.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says whom a limit counts: makes the key of the asker of a request.
 *
 * <p>Implementations must be stateless and safe for use by many threads, must not block, and must
 * not throw. A gate may remember the key of one request for each instance, or for each equal one;
 * those made here are equal if their parameters are.
 *
 * <p>What a client can invent for free, a flood invents: a limit by {@link #header} or {@link
 * #apiKey} alone holds nobody back who changes the value with every request, unless unknown values
 * are refused before it. Count addresses beside it, or make a {@link #pair}.
 */
@FunctionalInterface
public interface KeyBy {

  /**
   * Makes the key.
   *
   * @param client the asker
   * @return the key, or null if the limit does not apply to this asker
   */
  @Nullable ClientKey key(Client client);

  /**
   * Whether the keys are networks: what a stranger is known by, and a pass takes the place of.
   *
   * @return true for {@link #address} and {@link #prefix}, false unless overridden
   */
  default boolean isNetwork() {
    return false;
  }

  /**
   * By address: a whole IPv4 address, the /64 of an IPv6 address.
   *
   * @return the same instance always
   */
  static KeyBy address() {
    return Keys.ADDRESS;
  }

  /**
   * By network, for looser limits over many addresses.
   *
   * @param ipv4Bits the prefix length for IPv4, 0 to 32
   * @param ipv6Bits the prefix length for IPv6, 0 to 128
   * @return the rule
   * @throws IllegalArgumentException if a prefix length is out of range
   */
  static KeyBy prefix(int ipv4Bits, int ipv6Bits) {
    Bits.checkPrefix(ipv4Bits, ipv6Bits);
    Keys.Prefix prefix = new Keys.Prefix(ipv4Bits, ipv6Bits);
    return prefix.equals(Keys.ADDRESS) ? Keys.ADDRESS : prefix;
  }

  /**
   * By the first value of a header, without white space around it; a blank value is no key. The
   * kind of the key is {@code header:} and the name in lower case.
   *
   * @param name the field name, in any case, at most 64 characters
   * @return the rule
   * @throws IllegalArgumentException if it is not a field name
   */
  static KeyBy header(String name) {
    return Keys.Header.of(Objects.requireNonNull(name, "name"));
  }

  /**
   * By API key: the token of {@code Authorization: Bearer} (RFC 6750). It is not verified here. For
   * a key in a field of its own use {@link #header}. There is no "one field, else the other":
   * whoever has a key in the second could invent one in the first for each request.
   *
   * @return the same instance always
   */
  static KeyBy apiKey() {
    return Keys.API_KEY;
  }

  /**
   * By authenticated principal; a blank one is no key.
   *
   * @return the same instance always
   */
  static KeyBy principal() {
    return Keys.PRINCIPAL;
  }

  /**
   * By pass, where a gate hands out passes; without a valid one there is no key.
   *
   * @return the same instance always
   */
  static KeyBy pass() {
    return Keys.PASS;
  }

  /**
   * By two things together, such as account and address. There is a key only if both have one.
   *
   * @param first the first rule
   * @param second the second rule; the order counts
   * @return the rule
   */
  static KeyBy pair(KeyBy first, KeyBy second) {
    return new Keys.Pair(
        Objects.requireNonNull(first, "first"), Objects.requireNonNull(second, "second"));
  }
}
