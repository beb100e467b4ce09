package io.tidegate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * The keyed hash: the published vectors of its core, and that no two inputs are fed to it alike.
 */
class KeyedHashTest {

  private static final long K0 = 0x0706050403020100L;
  private static final long K1 = 0x0f0e0d0c0b0a0908L;

  /** SipHash-1-3 of the bytes 0, 1, 2, ... of each length from 0 to 63, first byte first. */
  private static final String VECTORS =
      """
      dcc40f055801acab 93ca577df39bf4c9 4dd4c74d029bcb82 fbf7dde7b80af88b
      2883d388605775cf 673b53492fd5f9de a7229fc5502b0dc5 4011b19b987d92d3
      8e9a298d11959036 e43d066cb38ea425 7f09ff92ee85de79 52c34df9c118c170
      a2d9b457b184a378 a7ff29120c766f30 345df9c011a15a60 5699512a6dd820d3
      668b907d1add4fcc 0cd8db639068f29c 3ee673b49c38fc8f 1c7d298de59d1ff2
      40e0cca6462fdcc0 44f8452bfeab92b9 2e8720a39b7bfe7f 23c1e6da7f0e5a52
      8c9c3467b2ae64f4 79095b702859cd45 a51399cae3353e3a 353bde4a4ec71da9
      0dd06cef02ed0bfb f4e1b14ab43cd988 63e6c543d6110f54 bcd1218c1fdd7023
      0db6a7166c7b1581 bff98f7ae5b9544d 3e752a1f78129f75 916b18bfbea3a1ce
      0662a2add308f52c 5730c3a32d1c10b6 a1363aae9674f4b3 9283107b54576b62
      3115e4993236d2c1 44d91a3f92c17c66 258813c8fe4f7065 a64989c2d180f224
      6b87f8faed1ccac2 9621049ffc4b16c2 23d6b168939c6ea1 fd14518b9c16fb49
      464c07dff843319f b386cc1224affdc6 8f09520ad149af7e 9a2f299d5513f31c
      121ff4a2dd304ac4 d01ea74389e9fa36 e6bcf0734cb38f31 80e9a77036bf7aa2
      756d3c24dbc0bcb4 1315b7fd52d8f823 088a7da64d5f038f 48f1e8b7e5d09cd8
      ee44a6f7bce6f4f6 f237180fd89ac5ae e094664b15f6b2c3 a8b3bbb76290199d
      """;

  private final KeyedHash hash = new KeyedHash(K0, K1);

  @Test
  void core_publishedVectors_agrees() {
    String[] vectors = VECTORS.strip().split("\\s+");
    assertThat(vectors).hasSize(64);
    for (int length = 0; length < 64; length++) {
      KeyedHash.Sip sip = new KeyedHash.Sip(K0, K1);
      for (int block = 0; block < length / 8; block++) {
        sip.block(littleEndian(block * 8, 8));
      }
      long last = littleEndian(length / 8 * 8, length % 8) | (long) length << 56;
      assertThat(Long.reverseBytes(sip.finish(last)))
          .as("length %d", length)
          .isEqualTo(Long.parseUnsignedLong(vectors[length], 16));
    }
  }

  /** The bytes from, from + 1, ..., each of which has its index as its value. */
  private static long littleEndian(int from, int count) {
    long word = 0;
    for (int i = 0; i < count; i++) {
      word |= (long) (from + i) << 8 * i;
    }
    return word;
  }

  @Test
  void kinds_sameContent_giveDifferentHashes() {
    Map<Long, String> seen = new HashMap<>();
    for (int length = 0; length <= 40; length++) {
      String zeros = "\0".repeat(length);
      put(seen, hash.ofString(zeros), "string of " + length);
      put(seen, hash.ofBytes(new byte[length]), "bytes of " + length);
    }
    put(seen, hash.ofLongs(0, 0), "longs");
    put(seen, hash.ofString("a"), "a");
    put(seen, hash.ofString("b"), "b");
    put(seen, hash.ofString("ab"), "ab");
    put(seen, hash.ofString("ba"), "ba");
    put(seen, hash.ofLongs('a', 'b'), "longs a, b");
    put(seen, hash.ofLongs('b', 'a'), "longs b, a");
    put(seen, hash.ofLongs('a', 0), "longs a, 0");
    put(seen, hash.ofLongs(0, 'a'), "longs 0, a");
    put(seen, hash.ofBytes("a".getBytes(StandardCharsets.UTF_8)), "byte a");
    put(seen, hash.ofBytes("ab".getBytes(StandardCharsets.UTF_8)), "bytes ab");
  }

  private static void put(Map<Long, String> seen, long hash, String input) {
    assertThat(seen.put(hash, input)).as("shares its hash with " + input).isNull();
  }

  @Test
  void strings_thatShareTheirHashCode_giveDifferentHashes() {
    Map<Long, String> seen = new HashMap<>();
    for (int i = 0; i < 1 << 12; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 12; bit++) {
        key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      assertThat(key.toString().hashCode()).isEqualTo("AaAaAaAaAaAaAaAaAaAaAaAa".hashCode());
      put(seen, hash.ofString(key.toString()), key.toString());
    }
  }

  @Test
  void unitsSideBySide_neverRunIntoEachOther() {
    Map<Long, String> seen = new HashMap<>();
    char[] units = {0, 1, 0xFF, 0x100, 0x101, 0xFF00, 0xFFFF};
    for (char first : units) {
      for (char second : units) {
        for (char third : units) {
          put(seen, hash.ofString("" + first + second + third), (int) first + " " + (int) second);
        }
      }
    }
    byte[] bytes = {0, 1, 0x7F, -128, -1};
    for (byte first : bytes) {
      for (byte second : bytes) {
        for (byte third : bytes) {
          put(seen, hash.ofBytes(new byte[] {first, second, third}), first + " " + second);
        }
      }
    }
  }

  @Test
  void everyPlace_changed_changesTheHash() {
    for (int length : new int[] {1, 3, 4, 5, 7, 8, 9, 16, 100, KeyedHash.MOST_HASHED}) {
      byte[] bytes = new byte[length];
      long ofBytes = hash.ofBytes(bytes);
      char[] chars = new char[length];
      long ofChars = hash.ofString(new String(chars));
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) 0x80;
        assertThat(hash.ofBytes(bytes)).as("byte %d of %d", i, length).isNotEqualTo(ofBytes);
        bytes[i] = 0;
        chars[i] = 0x100;
        assertThat(hash.ofString(new String(chars)))
            .as("character %d of %d", i, length)
            .isNotEqualTo(ofChars);
        chars[i] = 0;
      }
    }
  }

  @Test
  void keysOverTheCap_lookedAtByTheirStartAndLengthOnly() {
    String start = "x".repeat(KeyedHash.MOST_HASHED);
    assertThat(hash.ofString(start + "a")).isEqualTo(hash.ofString(start + "b"));
    assertThat(hash.ofString(start + "a")).isNotEqualTo(hash.ofString(start + "aa"));
    assertThat(hash.ofString(start + "a")).isNotEqualTo(hash.ofString("y" + start));
    byte[] long1 = new byte[KeyedHash.MOST_HASHED + 1];
    byte[] long2 = long1.clone();
    long2[KeyedHash.MOST_HASHED] = 1;
    assertThat(hash.ofBytes(long1)).isEqualTo(hash.ofBytes(long2));
    assertThat(hash.ofBytes(long1)).isNotEqualTo(hash.ofBytes(new byte[KeyedHash.MOST_HASHED]));
  }

  @Test
  void secret_another_givesOtherHashes() {
    assertThat(new KeyedHash(K0 ^ 1, K1).ofString("a")).isNotEqualTo(hash.ofString("a"));
    assertThat(new KeyedHash(K0, K1 ^ 1).ofString("a")).isNotEqualTo(hash.ofString("a"));
    assertThat(KeyedHash.random().ofString("a")).isNotEqualTo(KeyedHash.random().ofString("a"));
  }

  @Test
  void hashes_ofNearbyKeys_areSpreadEvenly() {
    int[] low = new int[256];
    int[] high = new int[256];
    int keys = 1 << 16;
    for (int i = 0; i < keys; i++) {
      long h = hash.ofString("user-" + i);
      low[(int) (h & 255)]++;
      high[(int) (h >>> 56)]++;
    }
    // 256 expected in each place, with a standard deviation of 16: six of them on either side.
    assertThat(Arrays.stream(low).min().getAsInt()).isGreaterThan(160);
    assertThat(Arrays.stream(low).max().getAsInt()).isLessThan(352);
    assertThat(Arrays.stream(high).min().getAsInt()).isGreaterThan(160);
    assertThat(Arrays.stream(high).max().getAsInt()).isLessThan(352);
  }

  @Test
  void hashes_ofKeysOneBitApart_differInHalfTheBits() {
    RandomGenerator random = new Random(7);
    long changed = 0;
    int pairs = 20_000;
    for (int i = 0; i < pairs; i++) {
      long high = random.nextLong();
      long low = random.nextLong();
      long flipped = hash.ofLongs(high ^ 1L << random.nextInt(64), low);
      changed += Long.bitCount(hash.ofLongs(high, low) ^ flipped);
    }
    assertThat((double) changed / pairs).as("seed 7").isBetween(31.8, 32.2);
  }

  @Test
  void underOneSecret_allNodesHashAlike_andUnderAnotherNot() {
    byte[] secret = "sixteen random bytes, or more".getBytes(StandardCharsets.US_ASCII);
    long hash = KeyedHash.under(secret).ofString("alice");
    assertThat(KeyedHash.under(secret.clone()).ofString("alice")).isEqualTo(hash);
    secret[20]++;
    assertThat(KeyedHash.under(secret).ofString("alice")).isNotEqualTo(hash);
  }
}
