package io.tidegate.client;

import java.util.Locale;
import java.util.random.RandomGenerator;

/** Random addresses in all their spellings, and near misses. */
final class RandomText {

  private static final String ALPHABET = "0123456789abcdefF:::...";

  private RandomText() {}

  static IpAddress address(RandomGenerator random) {
    return random.nextBoolean()
        ? IpAddress.ipv4(random.nextLong())
        : new IpAddress(zeroSome(random), zeroSome(random));
  }

  /** Bits with some whole groups of 16 zero, so that runs of zeros are common. */
  private static long zeroSome(RandomGenerator random) {
    long bits = random.nextLong();
    for (int shift = 0; shift < 64; shift += 16) {
      if (random.nextInt(3) > 0) {
        bits &= ~(0xffffL << shift);
      }
    }
    return bits;
  }

  static String quad(long bits) {
    return ((bits >>> 24) & 255)
        + "."
        + ((bits >>> 16) & 255)
        + "."
        + ((bits >>> 8) & 255)
        + "."
        + (bits & 255);
  }

  /** One of the many spellings of an IPv6 literal with these bits. */
  static String spellIpv6(RandomGenerator random, long high, long low) {
    boolean dotted = random.nextInt(4) == 0;
    int groups = dotted ? 6 : 8;
    int from = random.nextInt(groups + 1);
    int to = from;
    while (to < groups && group(high, low, to) == 0) {
      to++;
    }
    if (to - from > 1 && random.nextBoolean()) {
      to -= random.nextInt(to - from);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < groups; i++) {
      if (i >= from && i < to) {
        text.append(i == from ? "::" : "");
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(spellGroup(random, group(high, low, i)));
      }
    }
    if (dotted) {
      text.append(text.charAt(text.length() - 1) == ':' ? "" : ":").append(quad(low));
    }
    return text.toString();
  }

  private static String spellGroup(RandomGenerator random, int group) {
    String digits = Integer.toHexString(group);
    String padded = "0".repeat(random.nextInt(5 - digits.length())) + digits;
    return random.nextBoolean() ? padded : padded.toUpperCase(Locale.ROOT);
  }

  private static int group(long high, long low, int index) {
    return (int) ((index < 4 ? high : low) >>> (48 - 16 * (index % 4))) & 0xffff;
  }

  static String junk(RandomGenerator random, int maxLength) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(maxLength + 1);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** Changes, drops or doubles a few characters. */
  static String mutate(RandomGenerator random, String text, String alphabet) {
    StringBuilder mutated = new StringBuilder(text);
    int changes = 1 + random.nextInt(3);
    for (int n = 0; n < changes; n++) {
      int at = random.nextInt(mutated.length() + 1);
      char c = alphabet.charAt(random.nextInt(alphabet.length()));
      switch (random.nextInt(3)) {
        case 0 -> mutated.insert(at, c);
        case 1 -> mutated.replace(at, Math.min(at + 1, mutated.length()), String.valueOf(c));
        default -> mutated.delete(at, Math.min(at + 1, mutated.length()));
      }
    }
    return mutated.toString();
  }

  static String mutate(RandomGenerator random, String text) {
    return mutate(random, text, ALPHABET);
  }
}
