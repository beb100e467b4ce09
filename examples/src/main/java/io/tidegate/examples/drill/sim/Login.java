package io.tidegate.examples.drill.sim;

import io.tidegate.GateRequest;
import io.tidegate.client.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A login over https, which the set-up makes for each member. */
record Login(IpAddress peer) implements GateRequest {

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/login";
  }

  @Override
  public @Nullable String host() {
    return "service.example";
  }

  @Override
  public @Nullable String header(String name) {
    return null;
  }

  @Override
  public Iterable<String> headers(String name) {
    return List.of();
  }

  @Override
  public @Nullable String principal() {
    return null;
  }

  @Override
  public boolean isSecure() {
    return true;
  }
}
