package io.tidegate;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/**
 * What the gate logs while this is open. The tests' backend is slf4j-simple, which writes to the
 * error stream and is silenced below errors; it is let speak here and silenced again at the end.
 */
final class CapturedLog implements AutoCloseable {

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final Logger logger = LoggerFactory.getLogger(Gate.class);
  private final int level;

  CapturedLog() {
    this.level = setLevel(LocationAwareLogger.INFO_INT);
    System.setErr(new PrintStream(text, true, StandardCharsets.UTF_8));
  }

  private int setLevel(int level) {
    try {
      Field field = logger.getClass().getDeclaredField("currentLogLevel");
      field.setAccessible(true);
      int known = field.getInt(logger);
      field.setInt(logger, level);
      return known;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("another backend than slf4j-simple: " + logger.getClass(), e);
    }
  }

  String text() {
    return text.toString(StandardCharsets.UTF_8);
  }

  List<String> lines() {
    return text().lines().toList();
  }

  @Override
  public void close() {
    System.setErr(before);
    setLevel(level);
  }
}
