package io.tidegate.http;

/**
 * Where header fields go: one method of a response, such as {@code response::setHeader}, and if the
 * response is also somebody else's, a second one.
 *
 * <p>Names come in the case that is customary in HTTP/1.1. HTTP/2 and HTTP/3 want them in lower
 * case, which is the sink's to see to. Values are printable ASCII without line breaks, so a sink
 * need not check them.
 */
@FunctionalInterface
public interface FieldSink {

  /**
   * Sets a field, in place of any that the response has under this name.
   *
   * @param name the field's name
   * @param value the field's value
   */
  void set(String name, String value);

  /**
   * Adds a field, beside those that the response has under this name: a cookie, or a part of a list
   * that the application may have begun. Sets it, unless overridden.
   *
   * @param name the field's name
   * @param value the field's value
   */
  default void add(String name, String value) {
    set(name, value);
  }
}
