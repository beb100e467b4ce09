package io.tidegate;

import io.tidegate.client.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request as a test describes it. Calls change it and return it. */
final class FakeRequest implements GateRequest {

  static final String CLIENT = "203.0.113.7";

  private final String method;
  private final String path;
  private final Map<String, List<String>> headers = new TreeMap<>();
  private String basePath = "";
  private @Nullable String host = "example.com";
  private @Nullable IpAddress peer = IpAddress.parse(CLIENT);
  private @Nullable String principal;
  private boolean secure;

  private FakeRequest(String method, String path) {
    this.method = method;
    this.path = path;
  }

  static FakeRequest of(String method, String path) {
    return new FakeRequest(method, path);
  }

  static FakeRequest get(String path) {
    return of("GET", path);
  }

  static FakeRequest post(String path) {
    return of("POST", path);
  }

  /** A browser's question before a cross-origin request. */
  static FakeRequest preflight(String path) {
    return of("OPTIONS", path)
        .header("Origin", "https://shop.example")
        .header("Access-Control-Request-Method", "POST");
  }

  FakeRequest from(@Nullable String address) {
    this.peer = address == null ? null : IpAddress.parse(address);
    return this;
  }

  FakeRequest header(String name, String value) {
    headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>()).add(value);
    return this;
  }

  FakeRequest host(@Nullable String host) {
    this.host = host;
    return this;
  }

  FakeRequest principal(@Nullable String principal) {
    this.principal = principal;
    return this;
  }

  FakeRequest secure() {
    this.secure = true;
    return this;
  }

  FakeRequest basePath(String basePath) {
    this.basePath = basePath;
    return this;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String basePath() {
    return basePath;
  }

  @Override
  public @Nullable String host() {
    return host;
  }

  @Override
  public @Nullable IpAddress peer() {
    return peer;
  }

  @Override
  public boolean isSecure() {
    return secure;
  }

  @Override
  public @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public List<String> headers(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  @Override
  public @Nullable String principal() {
    return principal;
  }

  @Override
  public String toString() {
    return method + " " + path + " from " + peer;
  }
}
