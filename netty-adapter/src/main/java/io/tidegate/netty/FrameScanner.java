package io.tidegate.netty;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of one direction of an HTTP/2 connection (RFC 9113, section 4.1), in whatever
 * pieces they come. Looks at bytes, and takes none. A few steps for each frame, whatever its
 * length.
 */
final class FrameScanner {

  static final int DATA = 0x0;
  static final int HEADERS = 0x1;
  static final int RST_STREAM = 0x3;
  static final int CONTINUATION = 0x9;

  private static final int END_HEADERS = 0x4;
  private static final int HEADER_LENGTH = 9;

  /** Who hears of frames. */
  @FunctionalInterface
  interface Listener {

    /**
     * A frame has come whole.
     *
     * @param code the first four bytes of its payload, which are a reset's error code
     */
    void frame(int type, int streamId, int code);
  }

  private final Listener listener;
  private int headerBytes;
  private long header;
  private int streamId;
  private int payloadBytes;
  private int code;
  private boolean headersOpen;

  FrameScanner(Listener listener) {
    this.listener = listener;
  }

  /** Looks at a buffer's readable bytes from an index on. */
  void scan(ByteBuf bytes, int from) {
    int i = from;
    int end = bytes.writerIndex();
    while (i < end) {
      if (headerBytes == 0 && end - i >= HEADER_LENGTH) {
        wholeHeader(bytes, i);
        i += HEADER_LENGTH;
      } else if (headerBytes < HEADER_LENGTH) {
        headerByte(bytes.getUnsignedByte(i++));
      } else {
        i += payload(bytes, i, end);
      }
      if (headerBytes == HEADER_LENGTH && payloadBytes == length()) {
        endOfFrame();
      }
    }
  }

  /** As nearly all come: what the same steps, octet by octet, would lead to. */
  private void wholeHeader(ByteBuf bytes, int from) {
    header = (long) bytes.getUnsignedMedium(from) << 16 | bytes.getUnsignedShort(from + 3);
    streamId = bytes.getInt(from + 5);
    headerBytes = HEADER_LENGTH;
  }

  private void headerByte(int octet) {
    if (headerBytes < 5) {
      header = header << 8 | octet;
    } else {
      streamId = streamId << 8 | octet;
    }
    headerBytes++;
  }

  private int payload(ByteBuf bytes, int from, int end) {
    if (payloadBytes == 0 && end - from >= 4 && length() >= 4) {
      code = bytes.getInt(from);
      payloadBytes = 4;
      return 4;
    }
    if (payloadBytes < 4) {
      code = code << 8 | bytes.getUnsignedByte(from);
      payloadBytes++;
      return 1;
    }
    int step = Math.min(end - from, length() - payloadBytes);
    payloadBytes += step;
    return step;
  }

  private int length() {
    return (int) (header >>> 16);
  }

  private int type() {
    return (int) (header >>> 8) & 0xff;
  }

  private void endOfFrame() {
    int type = type();
    if (type == HEADERS || type == CONTINUATION) {
      headersOpen = (header & END_HEADERS) == 0;
    }
    int id = streamId & 0x7fff_ffff;
    int firstBytes = code;
    header = 0;
    headerBytes = 0;
    streamId = 0;
    payloadBytes = 0;
    code = 0;
    listener.frame(type, id, firstBytes);
  }

  /**
   * Whether something has begun that a sender should end soon: a frame, or a header of several
   * frames. A data frame may take the time that a body takes.
   */
  boolean isUnfinished() {
    boolean inFrame = headerBytes > 0 && (headerBytes < HEADER_LENGTH || type() != DATA);
    return inFrame || headersOpen;
  }
}
