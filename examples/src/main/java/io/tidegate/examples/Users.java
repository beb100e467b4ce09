package io.tidegate.examples;

import io.tidegate.GateRequest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who has registered, in memory and bounded. Safe for use by many threads. */
final class Users {

  private static final String BEARER = "Bearer ";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final int most;
  private final Map<String, Account> byName = new ConcurrentHashMap<>();
  private final Map<String, String> plansByKey = new ConcurrentHashMap<>();

  /**
   * A user.
   *
   * @param id means nothing to others, and tells no name
   */
  record Account(String id, String apiKey, PasswordHash password) {}

  Users(int most) {
    this.most = most;
    plansByKey.put("demo-key", "demo");
  }

  /**
   * Takes a new user in.
   *
   * @throws HttpError 409 if there is one of that name, 503 if there is no room
   */
  void register(Credentials credentials) throws HttpError {
    checkRoomFor(credentials.user()); // before the hard work
    PasswordHash password = PasswordHash.of(credentials.password());
    Account account = new Account(random(16), "demo-" + random(20), password);
    synchronized (this) {
      checkRoomFor(credentials.user());
      byName.put(credentials.user(), account);
      plansByKey.put(account.apiKey(), "user");
    }
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private void checkRoomFor(String user) throws HttpError {
    if (byName.containsKey(user)) {
      throw new HttpError(409, "taken", "There is a user of that name.");
    }
    if (byName.size() >= most) {
      throw new HttpError(503, "full", "The demo has no room for more users.");
    }
  }

  /**
   * Lets a user in.
   *
   * @return the user's account
   * @throws HttpError 401 if the name or the password is wrong; which of them is not told, and
   *     cannot be seen from the time it takes
   */
  Account logIn(Credentials credentials) throws HttpError {
    Account account = byName.get(credentials.user());
    PasswordHash password = account == null ? PasswordHash.OF_NOBODY : account.password();
    if (!password.matches(credentials.password()) || account == null) {
      throw new HttpError(401, "wrong_password", "The name or the password is wrong.");
    }
    return account;
  }

  /** Whether a request has a key that was given out. */
  boolean hasKey(GateRequest request) {
    return plan(request) != null;
  }

  /** The plan that a request's key is on; null if it has none that was given out. */
  @Nullable String plan(GateRequest request) {
    return plan(request.header("Authorization"));
  }

  /** The plan that goes with {@code Bearer key}; null if that is none, or unknown. */
  @Nullable String plan(@Nullable String authorization) {
    String key = key(authorization);
    return key == null ? null : plansByKey.get(key);
  }

  /** The key in {@code Bearer key}; null if that is none. */
  static @Nullable String key(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length())
        : null;
  }
}
