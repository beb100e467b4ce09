package io.tidegate.challenge;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Issues passes and reads them back. Nothing is stored: a pass is a token with one MAC over all
 * that it says.
 *
 * <pre>{@code
 * Passes passes = Passes.builder(keys).epochs(accounts::epoch).build();
 * String token = passes.visitor("203.0.113.0/24", paid.work());
 * response.addHeader("Set-Cookie", passes.setCookie(token, true));
 * Pass pass = passes.fromCookies(request.fields("Cookie"), true, "203.0.113.0/24");
 * }</pre>
 *
 * <p>What a client sends never leads to an exception, but to null. A good pass costs two MACs, one
 * that is forged or has expired one, and what has not the form of a pass none.
 *
 * <p>A network is any label that stands for where a request comes from, such as {@code
 * 203.0.113.0/24}. A pass carries a keyed hash of it, so it does not tell where it was issued.
 *
 * <p>Safe for use by many threads; never blocks.
 */
public final class Passes {

  /** The field in which programs that keep no cookies send a pass. */
  public static final String FIELD = "Tidegate-Pass";

  private static final String PURPOSE = "tidegate pass 1";
  private static final String NETWORK = "tidegate pass network 1";
  private static final byte[] NO_ACCOUNT = {};

  private final Signer signer;
  private final Signer networks;
  private final InstantSource clock;
  private final long skewSeconds;
  private final long visitorSeconds;
  private final long memberSeconds;
  private final ToLongFunction<String> epochs;
  private final PassCookies cookies;
  private final SecureRandom random = new SecureRandom();

  private Passes(Builder builder) {
    this.signer = new Signer(builder.keys, PURPOSE);
    this.networks = new Signer(builder.keys, NETWORK);
    this.clock = builder.clock;
    this.skewSeconds = builder.skew.toSeconds();
    this.visitorSeconds = builder.visitorLifetime.toSeconds();
    this.memberSeconds = builder.memberLifetime.toSeconds();
    this.epochs = builder.epochs;
    this.cookies = new PassCookies(builder.cookieDomain);
  }

  /**
   * Starts a builder.
   *
   * @param keys the keys that sign and are believed; may change later. A key that is removed takes
   *     the passes that it signed with it, so let it stay for the life of a member's pass
   * @return a new builder
   */
  public static Builder builder(KeyRing keys) {
    return new Builder(keys);
  }

  /**
   * Issues a pass to somebody who has paid.
   *
   * @param network the label of where the request comes from
   * @param work what was paid, in digests on average, as {@link Verification#work} says; at least 0
   * @return a new token, of a new id
   * @throws IllegalArgumentException if the work is negative
   */
  public String visitor(String network, long work) {
    if (work < 0) {
      throw new IllegalArgumentException("work: " + work + " (expected: at least 0)");
    }
    return issue(NO_ACCOUNT, work, visitorSeconds, network);
  }

  /**
   * Issues a pass to somebody who has logged in.
   *
   * @param account who; 1 to 64 bytes of UTF-8. Best an id rather than a name, since it is signed
   *     and not secret: whoever sees the cookie can read it
   * @param network the label of where the request comes from
   * @return a new token, of a new id, with the account's epoch of this moment
   * @throws IllegalArgumentException if the account is too long or empty, or no Unicode text
   * @throws RuntimeException what the function of epochs throws; then there is no pass
   */
  public String member(String account, String network) {
    byte[] encoded = encoded(account);
    return issue(encoded, epochs.applyAsLong(account), memberSeconds, network);
  }

  /**
   * Refuses an account that no pass can hold.
   *
   * @param account who; 1 to 64 bytes of UTF-8
   * @throws IllegalArgumentException if it is too long or empty, or no Unicode text
   */
  public static void checkAccount(String account) {
    encoded(account);
  }

  private static byte[] encoded(String account) {
    Objects.requireNonNull(account, "account");
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(account));
      if (utf8.remaining() < 1 || utf8.remaining() > PassToken.MOST_ACCOUNT) {
        throw new IllegalArgumentException(
            "account: "
                + utf8.remaining()
                + " bytes of UTF-8 (expected: 1 to "
                + PassToken.MOST_ACCOUNT
                + "; give an id rather than a name)");
      }
      byte[] bytes = new byte[utf8.remaining()];
      utf8.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("account: half a character (expected: Unicode text)", e);
    }
  }

  private String issue(byte[] account, long epochOrWork, long seconds, String network) {
    Objects.requireNonNull(network, "network");
    long now = clock.instant().getEpochSecond();
    PassToken token =
        PassToken.blank(
            account, epochOrWork, now, now + seconds, random.nextLong(), random.nextLong());
    bind(token, network);
    return sealed(token);
  }

  private void bind(PassToken token, String network) {
    byte[] key = new byte[Signer.ID_BYTES];
    networks.name(key);
    token.bind(key, hash(token, key, network));
  }

  private byte[] hash(PassToken token, byte[] key, String network) {
    byte[] tag = networks.tagUnderKeyOf(key, token.ofNetwork(network));
    return Arrays.copyOf(tag, PassToken.NETWORK_BYTES);
  }

  private String sealed(PassToken token) {
    signer.name(token.bytes());
    signer.seal(token.bytes(), token.content());
    return token.toString();
  }

  /**
   * Reads a pass, as from the field {@link #FIELD}.
   *
   * @param token what the client sent; anything
   * @param network the label of where the request comes from
   * @return the pass; null if it is none, was not signed by a key of the ring, has expired, is
   *     dated in the future, or is revoked: its account has a later epoch now, or its epoch could
   *     not be had
   */
  public @Nullable Pass read(CharSequence token, String network) {
    Objects.requireNonNull(network, "network");
    PassToken parsed = PassToken.parse(token);
    return parsed == null ? null : read(parsed, network);
  }

  private @Nullable Pass read(PassToken token, String network) {
    if (!signer.isSealed(token.bytes(), token.content()) || !isCurrent(token)) {
      return null;
    }
    Pass pass = new Pass(token, isAt(token, network));
    return isRevoked(pass) ? null : pass;
  }

  private boolean isCurrent(PassToken token) {
    long now = clock.instant().getEpochSecond();
    return now <= token.expires() + skewSeconds && now >= token.issued() - skewSeconds;
  }

  private boolean isAt(PassToken token, String network) {
    return MessageDigest.isEqual(token.network(), hash(token, token.networkKey(), network));
  }

  private boolean isRevoked(Pass pass) {
    String account = pass.account();
    if (account == null) {
      return false;
    }
    try {
      return epochs.applyAsLong(account) > pass.epoch();
    } catch (Throwable e) { // who cannot be asked about is a stranger, and the request goes on
      if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
        throw fatal;
      }
      return true;
    }
  }

  /**
   * Renews a member's pass that is past half of its life. The id, the account and the epoch stay;
   * so does the network in which it was issued, wherever it is renewed. A visitor renews by paying.
   *
   * <p>Away from its network, a renewal keeps the hash under the key that made it. If that key is
   * removed from the ring before the pass is renewed at home again, the pass is away everywhere
   * until the next login.
   *
   * @param pass a pass that was read just now
   * @param network the label of where the request comes from
   * @return a new token; null if it is a visitor's, not yet time, or too late
   */
  public @Nullable String renewed(Pass pass, String network) {
    Objects.requireNonNull(network, "network");
    PassToken old = pass.token();
    long now = clock.instant().getEpochSecond();
    long half = old.issued() + (old.expires() - old.issued()) / 2;
    if (!old.isMember() || now < half || !isCurrent(old)) {
      return null;
    }
    PassToken token = old.redated(now, now + memberSeconds);
    if (isAt(old, network)) {
      bind(token, network); // the same network, under the key of today
    }
    return sealed(token);
  }

  /**
   * The cookie of a pass.
   *
   * <p>Over https its name is {@code __Host-tidegate}, or {@code __Secure-tidegate} where a domain
   * is configured; browsers take these from https alone. Over plain http it is {@code tidegate},
   * which anybody on the way can read and set, so it is for visitors only.
   *
   * @param token a pass as it was issued here
   * @param secure whether the request came by https
   * @return a value for {@code Set-Cookie}, which lasts as long as the pass
   * @throws IllegalArgumentException if the token is none, or a member's and the request not secure
   */
  public String setCookie(String token, boolean secure) {
    PassToken parsed = PassToken.parse(token);
    if (parsed == null) {
      throw new IllegalArgumentException(
          "token: " + token.length() + " characters (expected: a pass as it was issued)");
    }
    if (parsed.isMember() && !secure) {
      throw new IllegalArgumentException(
          "secure: false (expected: true for the pass of a member, since anybody could read it)");
    }
    long left = parsed.expires() - clock.instant().getEpochSecond();
    return cookies.set(parsed, secure, Math.max(0, left));
  }

  /**
   * Finds the pass among cookies. Several may have its name, from other paths or a neighbour's
   * domain: up to four are tried, and a member's pass goes before a visitor's. A field of more than
   * 8,192 characters is not looked at, nor a member's pass that came by plain http.
   *
   * <p>Allocates nothing while no cookie has the name.
   *
   * @param cookieFields all {@code Cookie} fields of the request; may be none
   * @param secure whether the request came by https; then only the secure name is read
   * @param network the label of where the request comes from
   * @return a good pass; null if there is none
   */
  public @Nullable Pass fromCookies(Iterable<String> cookieFields, boolean secure, String network) {
    Objects.requireNonNull(network, "network");
    String name = cookies.name(secure);
    Pass best = null;
    int tried = 0;
    for (String field : cookieFields) {
      boolean looked = field.length() <= PassCookies.MOST_FIELD;
      int at = looked ? PassCookies.valueIn(field, name, 0) : -1;
      while (at >= 0) {
        int end = PassCookies.endOfValue(field, at);
        if (PassToken.hasLength(end - at)) {
          if (++tried > PassCookies.MOST_TRIED) {
            return best;
          }
          Pass pass = fromCookie(field.substring(at, end), secure, network);
          if (pass != null && pass.level() == Pass.Level.MEMBER) {
            return pass;
          }
          best = best == null ? pass : best;
        }
        at = PassCookies.valueIn(field, name, nextPair(field, end));
      }
    }
    return best;
  }

  private static int nextPair(String field, int from) {
    int semicolon = field.indexOf(';', from);
    return semicolon < 0 ? field.length() : semicolon + 1;
  }

  private @Nullable Pass fromCookie(String value, boolean secure, String network) {
    PassToken parsed = PassToken.parse(value);
    if (parsed == null || (parsed.isMember() && !secure)) {
      return null;
    }
    return read(parsed, network);
  }

  /** Builds {@link Passes}. Not thread-safe. */
  public static final class Builder {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Browsers keep no cookie for longer (RFC 6265bis, section 5.5). */
    private static final Duration LONGEST = Duration.ofDays(400);

    private final KeyRing keys;
    private InstantSource clock = InstantSource.system();
    private Duration skew = Duration.ofSeconds(5);
    private Duration visitorLifetime = Duration.ofHours(1);
    private Duration memberLifetime = Duration.ofDays(30);
    private @Nullable String cookieDomain;
    private ToLongFunction<String> epochs = account -> 0;

    private Builder(KeyRing keys) {
      this.keys = Objects.requireNonNull(keys, "keys");
    }

    /**
     * The clock that passes are dated by; the system's if not said.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * How far the clocks of nodes may be apart; 5 seconds if not said.
     *
     * @param skew from 0 to 5 minutes
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder skew(Duration skew) {
      this.skew = checked("skew", skew, Duration.ZERO, Duration.ofMinutes(5));
      return this;
    }

    /**
     * How long a visitor's pass is good for; 1 hour if not said.
     *
     * @param lifetime from 1 second to 400 days
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder visitorLifetime(Duration lifetime) {
      this.visitorLifetime = checked("visitorLifetime", lifetime, SECOND, LONGEST);
      return this;
    }

    /**
     * How long a member's pass is good for; 30 days if not said. One that is used in its second
     * half is renewed.
     *
     * @param lifetime from 1 second to 400 days
     * @return this builder
     * @throws IllegalArgumentException if out of range
     */
    public Builder memberLifetime(Duration lifetime) {
      this.memberLifetime = checked("memberLifetime", lifetime, SECOND, LONGEST);
      return this;
    }

    private static Duration checked(String name, Duration given, Duration least, Duration most) {
      if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            name + ": " + given + " (expected: " + least + " to " + most + ")");
      }
      return given;
    }

    /**
     * A domain whose hosts all get the cookie of a pass; only the host that sets it if not said.
     * Give one only if every host below it is yours: each of them can set the cookie, too.
     *
     * @param domain such as {@code example.org}, without a dot before it
     * @return this builder
     * @throws IllegalArgumentException if it is no domain
     */
    public Builder cookieDomain(String domain) {
      this.cookieDomain = PassCookies.checkedDomain(Objects.requireNonNull(domain, "domain"));
      return this;
    }

    /**
     * The epoch of an account, to revoke passes: raise it, and all passes of the account that were
     * issued before are worth nothing. Asked once for each member's pass that is read, on the
     * thread of the request, so it must answer from memory. If it throws, the pass is not believed,
     * and the request goes on as a stranger's. Always 0 if not said.
     *
     * @param epochs from an account to its epoch; safe for use by many threads
     * @return this builder
     */
    public Builder epochs(ToLongFunction<String> epochs) {
      this.epochs = Objects.requireNonNull(epochs, "epochs");
      return this;
    }

    /**
     * Builds it.
     *
     * @return a new issuer and reader of passes
     */
    public Passes build() {
      return new Passes(this);
    }
  }
}
