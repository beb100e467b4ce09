package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A response's fields, as a test sees them. */
final class Fields implements FieldSink {

  private final Map<String, String> fields = new LinkedHashMap<>();

  private Fields() {}

  static Map<String, String> of(Consumer<FieldSink> writer) {
    Fields sink = new Fields();
    writer.accept(sink);
    return sink.fields;
  }

  @Override
  public void set(String name, String value) {
    assertThat(fields.put(name, value)).as("value set before for %s", name).isNull();
  }
}
