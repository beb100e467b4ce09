package io.tidegate.examples.drill.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportWriterTest {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @TempDir private Path directory;

  @Test
  void write_joinsBothPartsInOneDocument() throws Exception {
    ReportWriter.write(live(99.95), simulated(), directory);

    JsonNode report = new ObjectMapper().readTree(directory.resolve("report.json").toFile());
    assertThat(report.at("/live/tidegate/establishedOkPct").asDouble()).isEqualTo(99.95);
    assertThat(report.at("/simulated/0/humansInPct").asDouble()).isEqualTo(91.5);
    assertThat(report.at("/settings/live/calmSeconds").asInt()).isEqualTo(1);
  }

  @Test
  void write_makesAWellFormedPageThatNeedsNothingElse() throws Exception {
    ReportWriter.write(live(99.95), simulated(), directory);

    String html = Files.readString(directory.resolve("report.html"));
    Document page = parsed(html);
    assertThat(page.getElementsByTagName("svg").getLength()).isGreaterThan(5);
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(page.getElementsByTagName("link").getLength()).isZero();
    String names = html.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    assertThat(names).doesNotContain("http://", "https://", "@import", "src=", "href=");
  }

  @Test
  void write_givesEachPartOfADrawingANameOfItsOwn() throws Exception {
    ReportWriter.write(live(99.95), simulated(), directory);

    String html = Files.readString(directory.resolve("report.html"));
    assertThat(Pattern.compile("\\bid=\"([^\"]+)\"").matcher(html).results().map(m -> m.group(1)))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  @Test
  void write_escapesWhatSettingsSay() throws Exception {
    ObjectNode live = live(99.95);
    live.withObject("/settings").put("note", "<script>alert('1 & 2')</script>");

    ReportWriter.write(live, simulated(), directory);

    String html = Files.readString(directory.resolve("report.html"));
    assertThat(html).doesNotContain("<script").contains("&lt;script&gt;", "1 &amp; 2");
  }

  @Test
  void write_saysWhetherTargetsAreReached() throws Exception {
    ReportWriter.write(live(99.95), simulated(), directory);
    String good = Files.readString(directory.resolve("report.html"));
    ReportWriter.write(live(42), simulated(), directory);
    String bad = Files.readString(directory.resolve("report.html"));

    assertThat(missed(good)).isZero();
    assertThat(missed(bad)).isOne();
  }

  @Test
  void write_ofNothing_isStillAReport() throws Exception {
    ReportWriter.write(NODES.objectNode(), NODES.objectNode(), directory);

    JsonNode report = new ObjectMapper().readTree(directory.resolve("report.json").toFile());
    assertThat(report.path("live").isObject()).isTrue();
    assertThat(report.path("simulated").isArray()).isTrue();
    parsed(Files.readString(directory.resolve("report.html")));
  }

  private static long missed(String html) {
    return Pattern.compile("class=\"no\"").matcher(html).results().count();
  }

  /** The page is XML but for the two elements that have no end. */
  private static Document parsed(String html) throws Exception {
    String xml =
        html.replace("<!doctype html>", "").replaceAll("<meta [^>]*>", "").replaceAll("<br>", "");
    DocumentBuilder builder = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    return builder.parse(new InputSource(new StringReader(xml.strip())));
  }

  private static ObjectNode live(double establishedOk) {
    ObjectNode live = NODES.objectNode();
    live.withObject("/settings").put("calmSeconds", 1).put("attackSeconds", 2);
    for (String name : new String[] {"none", "tidegate"}) {
      ObjectNode column = live.withObject("/live/" + name);
      column.put("establishedOkPct", establishedOk);
      column.put("establishedP99CalmMs", 50).put("establishedP99AttackMs", 60);
      column.put("newcomersRegisteredPct", 97).put("attackerWorkPct", 3);
      column.put("victimsLockedOut", 0).put("recoverySeconds", 1).put("slotsLeaked", 0);
      column.put("heapBeforeMb", 40).put("heapAfterMb", 41);
      column.set("series", series());
    }
    return live;
  }

  private static ObjectNode series() {
    ObjectNode series = NODES.objectNode();
    for (String role : new String[] {"established", "newcomers", "attackers"}) {
      ObjectNode of = series.withObject("/" + role);
      of.set("ok", numbers(200, 180, 190, 200));
      of.set("p99Ms", numbers(50, 0, 60, 50).addNull());
      of.withObject("/refused").set("429", numbers(0, 900, 900, 0));
      of.set("timedOut", numbers(0, 1, 0, 0));
      series.withObject("/slotMs").set(role, numbers(10, 20, 30, 40));
    }
    series.set("priceMs", numbers(100, 400, 1_900, 100));
    return series;
  }

  private static ObjectNode simulated() {
    ObjectNode simulated = NODES.objectNode();
    ObjectNode row = simulated.putArray("simulated").addObject();
    row.put("solverBotsPerSecond", 1_500).put("humansInPct", 91.5).put("establishedOkPct", 100);
    row.put("price", "moving").put("strategy", "proof").put("floodPerSecond", 50_000);
    ObjectNode series = row.putObject("series");
    series.set("priceMs", numbers(100, 2_000, 100));
    series.set("establishedOk", numbers(700, 700, 700));
    series.withObject("/slotMs").set("attackers", numbers(1, 2, 3));
    series.withObject("/refused/attackers").set("CHALLENGED", numbers(0, 25_000, 0));
    return simulated;
  }

  private static ArrayNode numbers(int... values) {
    ArrayNode array = NODES.arrayNode();
    for (int value : values) {
      array.add(value);
    }
    return array;
  }
}
