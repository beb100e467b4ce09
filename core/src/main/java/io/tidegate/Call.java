package io.tidegate;

import io.tidegate.challenge.Pass;
import io.tidegate.challenge.Verification;
import io.tidegate.client.Client;
import io.tidegate.client.ClientKey;
import io.tidegate.client.ClientResolver;
import io.tidegate.client.IpAddress;
import io.tidegate.client.KeyBy;
import io.tidegate.limit.KeyedHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the gate: what it is, and who asks. Each is worked out when first
 * needed and kept, since most rules need the same. Used by one thread.
 */
class Call implements Client {

  /** The one key of rules that count all together. */
  static final KeyBy EVERYONE =
      new KeyBy() {
        private final ClientKey key = ClientKey.text("everyone", "");

        @Override
        public ClientKey key(Client client) {
          return key;
        }
      };

  private final GateRequest request;
  private final Pipeline pipeline;
  private @Nullable String path;
  private List<String> otherPaths = List.of();
  private @Nullable IpAddress address;

  /** The key asked for last. */
  private @Nullable KeyBy keyBy;

  private @Nullable Long keyHash;

  Call(GateRequest request, Pipeline pipeline) {
    this.request = request;
    this.pipeline = pipeline;
  }

  GateRequest request() {
    return request;
  }

  /** The configuration that the request is decided by. */
  Pipeline pipeline() {
    return pipeline;
  }

  /**
   * Whether a match applies to the request. If its path can be read in several ways, each is looked
   * at for itself, so that {@link Match#not} makes no way out.
   */
  boolean matches(Match match) {
    return match.test(this) || (!otherPaths.isEmpty() && matchesOtherwise(match));
  }

  private boolean matchesOtherwise(Match match) {
    String first = path;
    try {
      for (String other : otherPaths) {
        path = other;
        if (match.test(this)) {
          return true;
        }
      }
      return false;
    } finally {
      path = first;
    }
  }

  /** Whether the path can be read in one way only, as nearly all can. */
  boolean hasOnePath() {
    path();
    return otherPaths.isEmpty();
  }

  /** The path as applications route it, in the reading that is looked at. */
  String path() {
    String known = path;
    return known != null ? known : readPath();
  }

  private String readPath() {
    String raw = request.path();
    String base = request.basePath();
    String read;
    if (base.isEmpty() && RoutePath.isPlain(raw)) {
      read = raw;
    } else {
      List<String> readings = RoutePath.of(raw).below(base).readings();
      read = readings.get(0);
      otherPaths = readings.subList(1, readings.size());
    }
    path = read;
    return read;
  }

  @Override
  public IpAddress address() {
    IpAddress known = address;
    if (known == null) {
      ClientResolver clients = pipeline.clients;
      String header = clients.header();
      known = clients.resolve(request.peer(), header == null ? null : request.headers(header));
      address = known;
    }
    return known;
  }

  @Override
  public @Nullable String header(String name) {
    return request.header(name);
  }

  @Override
  public @Nullable String principal() {
    return request.principal();
  }

  /** The keyed hash of whom to count; null if there is no such key. */
  @Nullable Long hash(KeyBy by) {
    if (by != keyBy) {
      keyHash = hashNow(by);
      keyBy = by;
    }
    return keyHash;
  }

  private @Nullable Long hashNow(KeyBy by) {
    KeyedHash hash = pipeline.hash;
    if (by == KeyBy.address()) {
      return KeyHashes.ofAddress(address(), hash); // as below, without making the key
    }
    ClientKey key = by.key(this);
    return key == null ? null : KeyHashes.of(key, hash);
  }

  /** The key itself, for what happens rarely. */
  @Nullable ClientKey key(KeyBy by) {
    return by.key(this);
  }

  /** Any key as it is known in here. */
  long hashOf(ClientKey key) {
    return KeyHashes.of(key, pipeline.hash);
  }

  long addressHash() {
    return KeyHashes.ofAddress(address(), pipeline.hash);
  }

  /** The label of the network that challenges and passes are bound to. */
  String network() {
    return ClientKey.prefix(address(), 24, 48).label();
  }

  /** Whether the asker's own connection is encrypted. */
  boolean isSecure() {
    return pipeline.clients.isSecure(
        request.peer(), request.isSecure(), request.headers("X-Forwarded-Proto"));
  }

  /** Whether a member's pass is shown. */
  boolean isMember() {
    return false;
  }

  /** Whether a pass is shown that is not needed yet. */
  boolean holdsBack() {
    return false;
  }

  /** Has the pass counted in place of the network. */
  void usePass() {}

  /** What the request's own proof has cost, in digests; 0 if none has counted. */
  long paid() {
    return 0;
  }

  /** Takes note of a proof that counted. */
  void paid(long work) {}

  /** What became of a proof or ticket that had to be redeemed ahead; null if none was. */
  @Nullable Verification redeemedAhead() {
    return null;
  }

  /** Takes note of it. */
  void redeemedAhead(Verification verified) {}

  /** The valid pass of the asker; null if there is none, or the gate knows of none. */
  @Nullable Pass shownPass() {
    return null;
  }

  /** Whether this is a browser's question before a cross-origin request, which is never charged. */
  boolean isPreflight() {
    return request.method().equals("OPTIONS")
        && request.header("Origin") != null
        && request.header("Access-Control-Request-Method") != null;
  }
}
