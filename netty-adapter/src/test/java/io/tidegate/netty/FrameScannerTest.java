package io.tidegate.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Frames are found whatever the pieces are in which they come. */
class FrameScannerTest {

  private record Frame(int type, int streamId, int code) {}

  private final List<Frame> found = new ArrayList<>();
  private final FrameScanner scanner =
      new FrameScanner((type, streamId, code) -> found.add(new Frame(type, streamId, code)));

  private static void write(ByteBuf out, int type, int flags, int streamId, byte[] payload) {
    out.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(streamId);
    out.writeBytes(payload);
  }

  private static int code(byte[] payload) {
    int code = 0;
    for (int i = 0; i < Math.min(4, payload.length); i++) {
      code = code << 8 | (payload[i] & 0xff);
    }
    return code;
  }

  @RepeatedTest(50)
  void randomFrames_inRandomPieces_areAllFound(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    ByteBuf all = Unpooled.buffer();
    List<Frame> written = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      byte[] payload =
          new byte[random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(9)];
      random.nextBytes(payload);
      int type = random.nextInt(256);
      int streamId = random.nextInt();
      write(all, type, random.nextInt(256), streamId, payload);
      written.add(new Frame(type, streamId & 0x7fff_ffff, code(payload)));
    }
    while (all.isReadable()) {
      int length =
          Math.min(all.readableBytes(), random.nextInt(random.nextInt(3) == 0 ? 9_000 : 7));
      ByteBuf piece = all.readSlice(length);
      scanner.scan(piece, piece.readerIndex());
      assertThat(piece.readableBytes()).as("seed %d: bytes taken", seed).isEqualTo(length);
    }
    assertThat(found).as("seed %d", seed).isEqualTo(written);
  }

  private boolean unfinishedAfter(ByteBuf bytes) {
    scanner.scan(bytes, bytes.readerIndex());
    return scanner.isUnfinished();
  }

  @Test
  void isUnfinished_betweenFrames_no() {
    ByteBuf frame = Unpooled.buffer();
    write(frame, 0x4, 0, 0, new byte[6]);
    assertThat(unfinishedAfter(frame.copy(0, 5))).isTrue();
    assertThat(unfinishedAfter(frame.copy(5, 4))).isTrue();
    assertThat(unfinishedAfter(frame.copy(9, 6))).isFalse();
  }

  @Test
  void isUnfinished_withinData_no() {
    ByteBuf frame = Unpooled.buffer();
    write(frame, FrameScanner.DATA, 0, 1, new byte[1_000]);
    assertThat(unfinishedAfter(frame.copy(0, 8))).isTrue();
    assertThat(unfinishedAfter(frame.copy(8, 500))).isFalse();
    assertThat(unfinishedAfter(frame.copy(508, 501))).isFalse();
  }

  @Test
  void isUnfinished_untilAHeaderEndsInALaterFrame() {
    ByteBuf frames = Unpooled.buffer();
    write(frames, FrameScanner.HEADERS, 0x1, 1, new byte[7]);
    assertThat(unfinishedAfter(frames)).isTrue();
    frames.clear();
    write(frames, FrameScanner.CONTINUATION, 0, 1, new byte[0]);
    assertThat(unfinishedAfter(frames)).isTrue();
    frames.clear();
    write(frames, FrameScanner.CONTINUATION, 0x4, 1, new byte[3]);
    assertThat(unfinishedAfter(frames)).isFalse();
  }
}
