/*
 * Searches for nonces: SHA-256 of one block, over and over, with another nonce each time.
 *
 * A puzzle's block is, as sixteen words of 32 bits (highest byte first):
 *
 *    0 to 7    the seed
 *    8         the puzzle's index (8 bits), then the highest 24 bits of the nonce
 *    9         the next 32 bits of the nonce
 *   10         the lowest 8 bits of the nonce, 0x80 (end of the message), 0, 0
 *   11 to 14   zero
 *   15         the length of the message in bits: 41 bytes
 *
 * What differs from one try to the next is one byte, in word 10. So ten of the 64 rounds are done
 * once for 256 tries.
 *
 * Compiled twice: with SIMD a word is four words side by side, for four nonces at once.
 */

typedef unsigned int u32;

#ifdef __wasm_simd128__
typedef u32 word __attribute__((vector_size(16)));
#define LANES 4
#define STEPS ((word){0, 1u << 24, 2u << 24, 3u << 24})
#define ANY_AT_MOST(x, most) __builtin_wasm_any_true_v128((x) <= (most))
#define LANE(x, i) ((x)[i])
#else
typedef u32 word;
#define LANES 1
#define STEPS 0
#define ANY_AT_MOST(x, most) ((x) <= (most))
#define LANE(x, i) (x)
#endif

#define EXPORT(name) __attribute__((export_name(name)))

static const u32 INITIAL[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define ROTATED(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

/* One round. The names move instead of the words; this one sets d and h. */
#define ROUND(a, b, c, d, e, f, g, h, kw)                                                  \
  do {                                                                                     \
    h += (ROTATED(e, 6) ^ ROTATED(e, 11) ^ ROTATED(e, 25)) + ((g) ^ ((e) & ((f) ^ (g)))) + \
         (kw);                                                                             \
    d += h;                                                                                \
    h += (ROTATED(a, 2) ^ ROTATED(a, 13) ^ ROTATED(a, 22)) +                               \
         ((b) ^ (((a) ^ (b)) & ((b) ^ (c))));                                               \
  } while (0)

/* The word of the schedule sixteen after w[i], in its place. */
#define EXPANDED(i)                                                                            \
  (w[i] += (ROTATED(w[(i + 1) & 15], 7) ^ ROTATED(w[(i + 1) & 15], 18) ^ (w[(i + 1) & 15] >> 3)) + \
           w[(i + 9) & 15] +                                                                   \
           (ROTATED(w[(i + 14) & 15], 17) ^ ROTATED(w[(i + 14) & 15], 19) ^                    \
            (w[(i + 14) & 15] >> 10)))

/* The seed, and then the block that is worked on; written from outside. */
static u32 block[16];

EXPORT("block") u32 *block_address(void) { return block; }

/* The rounds before the first that differs from try to try. */
static void begin(u32 s[8], int from, int to) {
  for (int i = from; i < to; i++) {
    u32 t = s[7] + (ROTATED(s[4], 6) ^ ROTATED(s[4], 11) ^ ROTATED(s[4], 25)) +
            (s[6] ^ (s[4] & (s[5] ^ s[6]))) + K[i] + block[i];
    u32 u = (ROTATED(s[0], 2) ^ ROTATED(s[0], 13) ^ ROTATED(s[0], 22)) +
            ((s[0] & s[1]) | (s[2] & (s[0] | s[1])));
    s[7] = s[6];
    s[6] = s[5];
    s[5] = s[4];
    s[4] = s[3] + t;
    s[3] = s[2];
    s[2] = s[1];
    s[1] = s[0];
    s[0] = t + u;
  }
}

/* The last byte of the first nonce of 256 that solves the puzzle, or -1. */
static int search_256(const u32 s[8], u32 most_high, u32 most_low) {
  for (u32 last = 0; last < 256; last += LANES) {
    word w[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      w[i] = (word){0} + block[i];
    }
    w[10] += (last << 24) + STEPS;
    word a = (word){0} + s[0], b = (word){0} + s[1], c = (word){0} + s[2], d = (word){0} + s[3];
    word e = (word){0} + s[4], f = (word){0} + s[5], g = (word){0} + s[6], h = (word){0} + s[7];

    /* begin() moved the words through ten rounds; from here on the names move. */
    ROUND(a, b, c, d, e, f, g, h, K[10] + w[10]);
    ROUND(h, a, b, c, d, e, f, g, K[11]);
    ROUND(g, h, a, b, c, d, e, f, K[12]);
    ROUND(f, g, h, a, b, c, d, e, K[13]);
    ROUND(e, f, g, h, a, b, c, d, K[14]);
    ROUND(d, e, f, g, h, a, b, c, K[15] + block[15]);

#pragma clang loop unroll(disable)
    for (int i = 16; i < 64; i += 16) {
      ROUND(c, d, e, f, g, h, a, b, K[i] + EXPANDED(0));
      ROUND(b, c, d, e, f, g, h, a, K[i + 1] + EXPANDED(1));
      ROUND(a, b, c, d, e, f, g, h, K[i + 2] + EXPANDED(2));
      ROUND(h, a, b, c, d, e, f, g, K[i + 3] + EXPANDED(3));
      ROUND(g, h, a, b, c, d, e, f, K[i + 4] + EXPANDED(4));
      ROUND(f, g, h, a, b, c, d, e, K[i + 5] + EXPANDED(5));
      ROUND(e, f, g, h, a, b, c, d, K[i + 6] + EXPANDED(6));
      ROUND(d, e, f, g, h, a, b, c, K[i + 7] + EXPANDED(7));
      ROUND(c, d, e, f, g, h, a, b, K[i + 8] + EXPANDED(8));
      ROUND(b, c, d, e, f, g, h, a, K[i + 9] + EXPANDED(9));
      ROUND(a, b, c, d, e, f, g, h, K[i + 10] + EXPANDED(10));
      ROUND(h, a, b, c, d, e, f, g, K[i + 11] + EXPANDED(11));
      ROUND(g, h, a, b, c, d, e, f, K[i + 12] + EXPANDED(12));
      ROUND(f, g, h, a, b, c, d, e, K[i + 13] + EXPANDED(13));
      ROUND(e, f, g, h, a, b, c, d, K[i + 14] + EXPANDED(14));
      ROUND(d, e, f, g, h, a, b, c, K[i + 15] + EXPANDED(15));
    }

    /* The digest's first two words are c and d. Few tries get past the first. */
    c += INITIAL[0];
    if (ANY_AT_MOST(c, most_high)) {
      d += INITIAL[1];
      for (int i = 0; i < LANES; i++) {
        if (LANE(c, i) < most_high || (LANE(c, i) == most_high && LANE(d, i) <= most_low)) {
          return (int)last + i;
        }
      }
    }
  }
  return -1;
}

/*
 * Tries 256 nonces for each value of word 9, from the one given. Word 8 is the index and the
 * highest bits of the nonce. The answer is how many nonces came before the first that solves the
 * puzzle, or -1 if none does. count is at most 2^23.
 */
EXPORT("search") int search(u32 word8, u32 word9, u32 count, u32 most_high, u32 most_low) {
  block[8] = word8;
  block[10] = 0x800000;
  block[15] = 41 * 8;
  u32 seeded[8];
  for (int i = 0; i < 8; i++) {
    seeded[i] = INITIAL[i];
  }
  begin(seeded, 0, 9);
  for (u32 i = 0; i < count; i++) {
    u32 s[8];
    for (int j = 0; j < 8; j++) {
      s[j] = seeded[j];
    }
    block[9] = word9 + i;
    begin(s, 9, 10);
    int last = search_256(s, most_high, most_low);
    if (last >= 0) {
      return (int)(i << 8) + last;
    }
  }
  return -1;
}
