package io.tidegate.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rules that {@link KeyBy} hands out. Records, so that they have equality and a name. */
final class Keys {

  static final KeyBy ADDRESS = new Prefix(32, 64);
  static final KeyBy API_KEY = new ApiKey();
  static final KeyBy PRINCIPAL = new Principal();
  static final KeyBy PASS = new Pass();

  private static final int MAX_HEADER_NAME = 64;
  private static final String BEARER = "Bearer ";

  private Keys() {}

  record Prefix(int ipv4Bits, int ipv6Bits) implements KeyBy {
    @Override
    public ClientKey key(Client client) {
      return ClientKey.prefix(client.address(), ipv4Bits, ipv6Bits);
    }

    @Override
    public boolean isNetwork() {
      return true;
    }
  }

  record Header(String name, String kind) implements KeyBy {

    static Header of(String name) {
      HttpText.checkFieldName(name, MAX_HEADER_NAME);
      String lower = name.toLowerCase(Locale.ROOT);
      return new Header(lower, "header:" + lower);
    }

    @Override
    public @Nullable ClientKey key(Client client) {
      return textKey(kind, client.header(name));
    }
  }

  record ApiKey() implements KeyBy {
    @Override
    public @Nullable ClientKey key(Client client) {
      return textKey("api-key", bearerToken(client.header("Authorization")));
    }
  }

  record Principal() implements KeyBy {
    @Override
    public @Nullable ClientKey key(Client client) {
      return textKey("principal", client.principal());
    }
  }

  record Pass() implements KeyBy {
    @Override
    public @Nullable ClientKey key(Client client) {
      return client.pass();
    }
  }

  record Pair(KeyBy first, KeyBy second) implements KeyBy {
    @Override
    public @Nullable ClientKey key(Client client) {
      ClientKey one = first.key(client);
      ClientKey two = one == null ? null : second.key(client);
      return one == null || two == null ? null : ClientKey.pair(one, two);
    }
  }

  private static @Nullable ClientKey textKey(String kind, @Nullable String value) {
    String stripped = value == null ? "" : value.strip();
    return stripped.isEmpty() ? null : ClientKey.text(kind, stripped);
  }

  private static @Nullable String bearerToken(@Nullable String authorization) {
    if (authorization == null) {
      return null;
    }
    // Schemes are case-insensitive: RFC 9110, section 11.1.
    boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return bearer ? authorization.substring(BEARER.length()) : null;
  }
}
