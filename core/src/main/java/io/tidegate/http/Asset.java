package io.tidegate.http;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that the challenge page or an application loads from below the gate's path: {@code
 * page.js}, {@code worker.js}, {@code fetch.js}, {@code page.css}. All of them come from this
 * library's own jar, and nothing is ever loaded from elsewhere.
 *
 * <p>Loaded and digested with this class; after that, every call is a look-up. Immutable.
 *
 * <p>Sources: RFC 9110, sections 8.8.3 and 13.1.2 (entity tags); W3C Content Security Policy Level
 * 3 (a worker's policy is that of its own response, and {@code wasm-unsafe-eval}).
 */
public final class Asset {

  /**
   * The content security policy of the worker, which may run WebAssembly, and can reach nothing.
   * Where something on the way to the browser puts a stricter one in its place, the worker
   * calculates in JavaScript.
   */
  public static final String WORKER_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'";

  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String WORKER = "worker.js";
  private static final String CACHE = "max-age=3600";

  private static final List<Asset> ALL =
      List.of(
          new Asset("page.js", SCRIPT),
          new Asset(WORKER, SCRIPT),
          new Asset("fetch.js", SCRIPT),
          new Asset("page.css", "text/css; charset=utf-8"));

  private final String name;
  private final String contentType;
  private final byte[] content;
  private final String etag;

  private Asset(String name, String contentType) {
    this.name = name;
    this.contentType = contentType;
    this.content = Resource.bytes(name);
    this.etag = etag(content);
  }

  /** A strong tag: the first 128 bits of the content's digest. */
  private static String etag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      byte[] tag = Arrays.copyOf(digest, 16);
      return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(tag) + '"';
    } catch (NoSuchAlgorithmException e) { // every Java platform has it
      throw new IllegalStateException("digest: SHA-256 (expected: one in the platform)", e);
    }
  }

  /**
   * The file of a name.
   *
   * @param name what stands behind the last slash of the path; anything
   * @return the file, or null if there is none of that name
   */
  public static @Nullable Asset named(String name) {
    Objects.requireNonNull(name, "name");
    for (Asset asset : ALL) {
      if (asset.name.equals(name)) {
        return asset;
      }
    }
    return null;
  }

  /**
   * All files.
   *
   * @return an immutable list
   */
  public static List<Asset> all() {
    return ALL;
  }

  /**
   * The file's name.
   *
   * @return the name, without a path
   */
  public String name() {
    return name;
  }

  /**
   * What it is.
   *
   * @return the value of {@code Content-Type}
   */
  public String contentType() {
    return contentType;
  }

  /**
   * The tag of this version of it.
   *
   * @return the value of {@code ETag}, a strong one, with its quotation marks
   */
  public String etag() {
    return etag;
  }

  /**
   * Whether a client has this version already, and is answered with 304.
   *
   * @param ifNoneMatch the field {@code If-None-Match}, null if it was not sent; anything
   * @return true if one of its tags is this one, or it is {@code *}
   */
  public boolean isHeldBy(@Nullable String ifNoneMatch) {
    return ifNoneMatch != null && (ifNoneMatch.contains(etag) || ifNoneMatch.strip().equals("*"));
  }

  /**
   * Sets every field that a response with this file has beside its length; for 200 and 304 alike.
   *
   * @param fields where they go
   */
  public void setFields(FieldSink fields) {
    fields.set("Content-Type", contentType);
    fields.set("Cache-Control", CACHE);
    fields.set("ETag", etag);
    fields.set("X-Content-Type-Options", "nosniff");
    if (name.equals(WORKER)) {
      fields.set("Content-Security-Policy", WORKER_POLICY);
    }
  }

  /**
   * The content.
   *
   * @return a new copy, for the caller to keep
   */
  public byte[] bytes() {
    return content.clone();
  }

  /**
   * The content, without a copy.
   *
   * @return a new read-only view, for servers that write buffers
   */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer();
  }

  /**
   * How long it is.
   *
   * @return the number of bytes, for {@code Content-Length}
   */
  public int length() {
    return content.length;
  }

  /** The name and the tag. */
  @Override
  public String toString() {
    return name + " " + etag;
  }
}
