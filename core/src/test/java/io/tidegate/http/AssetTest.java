package io.tidegate.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssetTest {

  private static Asset asset(String name) {
    return Objects.requireNonNull(Asset.named(name), name);
  }

  private static Map<String, String> fields(Asset asset) {
    Map<String, String> fields = new HashMap<>();
    asset.setFields(fields::put);
    return fields;
  }

  @ParameterizedTest
  @ValueSource(strings = {"page.js", "worker.js", "fetch.js", "page.css"})
  void named_file_isThereWithItsFields(String name) {
    Asset asset = asset(name);
    assertThat(asset.name()).isEqualTo(name);
    assertThat(asset.length()).isPositive().isEqualTo(asset.bytes().length);
    assertThat(asset.buffer().isReadOnly()).isTrue();
    assertThat(asset.buffer().remaining()).isEqualTo(asset.length());
    assertThat(fields(asset))
        .containsEntry(
            "Content-Type",
            name.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8")
        .containsEntry("Cache-Control", "max-age=3600")
        .containsEntry("ETag", asset.etag())
        .containsEntry("X-Content-Type-Options", "nosniff");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "page.html", "page-en.properties", "../page.js", "PAGE.JS", "Asset"})
  void named_anythingElse_isNone(String name) {
    assertThat(Asset.named(name)).isNull();
  }

  @Test
  void setFields_worker_hasItsOwnPolicyAndNothingElseHas() {
    for (Asset asset : Asset.all()) {
      assertThat(fields(asset).get("Content-Security-Policy"))
          .as(asset.name())
          .isEqualTo(
              asset.name().equals("worker.js")
                  ? "default-src 'none'; script-src 'wasm-unsafe-eval'"
                  : null);
    }
  }

  @Test
  void etag_isStrongAndOfTheContent() {
    assertThat(Asset.all())
        .extracting(Asset::etag)
        .doesNotHaveDuplicates()
        .allMatch(tag -> tag.matches("\"[A-Za-z0-9_-]{22}\""));
  }

  @Test
  void isHeldBy_tags_areCompared() {
    Asset asset = asset("page.js");
    assertThat(asset.isHeldBy(asset.etag())).isTrue();
    assertThat(asset.isHeldBy("\"x\", W/" + asset.etag())).isTrue();
    assertThat(asset.isHeldBy(" * ")).isTrue();
    assertThat(asset.isHeldBy(asset("fetch.js").etag())).isFalse();
    assertThat(asset.isHeldBy(asset.etag().replace("\"", ""))).isFalse();
    assertThat(asset.isHeldBy("")).isFalse();
    assertThat(asset.isHeldBy(null)).isFalse();
  }

  @Test
  void scripts_areWholeAndOfThisOriginAlone() {
    for (Asset asset : Asset.all()) {
      assertThat(new String(asset.bytes(), UTF_8))
          .as(asset.name())
          .doesNotContain(
              "@simd",
              "@scalar",
              "@rounds",
              "http:",
              "https:",
              "blob:",
              "eval(",
              "innerHTML",
              "crypto.subtle");
    }
    assertThat(new String(asset("worker.js").bytes(), UTF_8)).doesNotContain("import", "export ");
  }
}
