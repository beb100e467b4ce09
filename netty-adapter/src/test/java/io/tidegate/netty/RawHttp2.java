package io.tidegate.netty;

import io.netty.handler.codec.http2.Http2CodecUtil;
import io.tidegate.scenarios.Scenario;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A client that sends the frames it likes. */
final class RawHttp2 implements AutoCloseable {

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Scenario.PATIENCE.toMillis());
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    byte[] preface = new byte[24];
    Http2CodecUtil.connectionPrefaceBuf().readBytes(preface);
    out.write(preface);
    head(0, 0x4, 0, 0);
  }

  private void head(int length, int type, int flags, int streamId) throws IOException {
    out.writeByte(length >> 16);
    out.writeShort(length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(streamId);
  }

  /** GET / over http, with an END_STREAM that is left out. */
  RawHttp2 headers(int streamId) throws IOException {
    head(3, 0x1, 0x4, streamId);
    out.write(new byte[] {(byte) 0x82, (byte) 0x84, (byte) 0x86});
    return this;
  }

  /** A frame whose payload is one number. */
  RawHttp2 frame(int type, int flags, int streamId, int payload) throws IOException {
    head(4, type, flags, streamId);
    out.writeInt(payload);
    return this;
  }

  /** Skips to the next frame of a type; the first number of its payload. */
  int next(int type) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int found = in.readUnsignedByte();
      in.readUnsignedByte();
      in.readInt();
      byte[] payload = in.readNBytes(length);
      if (found == type) {
        return new DataInputStream(new ByteArrayInputStream(payload)).readInt();
      }
    }
  }

  boolean isClosedByServer() throws IOException {
    try {
      return in.read() < 0;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
