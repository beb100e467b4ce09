package io.tidegate.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Somebody who asks over HTTP from an address of the loopback network. */
record Visitor(int port, String address) {
  private static final int PATIENCE_MILLIS = 60_000;

  /**
   * An answer.
   *
   * @param head the header fields; names in any case
   */
  record Answer(int status, Map<String, String> head, String body) {
    String field(String name) {
      return head.get(name);
    }
  }

  Answer get(String path, String... fields) throws IOException {
    return ask("GET", path, "", fields);
  }

  Answer post(String path, String body, String... fields) throws IOException {
    return ask("POST", path, body, fields);
  }

  Answer ask(String method, String path, String body, String... fields) throws IOException {
    try (Socket socket = send(method, path, body, fields)) {
      InputStream in = socket.getInputStream();
      int status = Integer.parseInt(line(in).split(" ")[1]);
      Map<String, String> head = head(in);
      boolean chunked = "chunked".equals(head.get("Transfer-Encoding"));
      byte[] bytes = chunked ? chunks(in) : in.readAllBytes();
      return new Answer(status, head, new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /** Sends a request and leaves the answer in the socket. */
  Socket send(String method, String path, String body, String... fields) throws IOException {
    StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    text.append("Host: localhost\r\nConnection: close\r\n");
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    text.append("Content-Length: ").append(content.length).append("\r\n\r\n");
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    request.writeBytes(content);

    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
    socket.getOutputStream().write(request.toByteArray());
    return socket;
  }

  private static Map<String, String> head(InputStream in) throws IOException {
    Map<String, String> head = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String[] parts = line.split(":", 2);
      head.merge(parts[0], parts[1].strip(), (one, two) -> one + ", " + two);
    }
    return head;
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size = size(in); size > 0; size = size(in)) {
      all.writeBytes(in.readNBytes(size));
      line(in);
    }
    return all.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("The answer breaks off after: " + line);
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }
}
