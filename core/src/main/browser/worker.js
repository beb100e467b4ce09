'use strict';

// Solves a challenge: as the worker, and for a page that may start no worker.
//
// The worker gets the challenge object and answers with messages
//   {engine}                          it runs, and this is the best that runs here
//   {engine, solved, hashes, ms}      so many puzzles are solved, so many digests took so long
//   {proof}  or  {failed}             the end
// where engine is 'simd' or 'wasm' (WebAssembly with and without SIMD) or 'js'.
//
// No import and no export, so that it is a classic worker, which every browser has, and can be
// imported by a page all the same. A page finds all this in the global tidegateSolver.

(() => {
  const SIMD = '@simd@';
  const SCALAR = '@scalar@';

  const NONCES_PER_ROW = 256;
  const ROWS = 2 ** 32; // of one value of the highest bits
  const MOST_ROWS_AT_ONCE = 2 ** 14;
  const MOST_WORK = 2 ** 40;

  const INITIAL = Int32Array.of(
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);

  const K = Int32Array.of(
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2);

  // ---- the engines: sha256.c, compiled, and the same in JavaScript ----

  function webAssembly(name, base64) {
    const module = new WebAssembly.Module(bytesOf(base64));
    const { memory, block, search } = new WebAssembly.Instance(module).exports;
    const words = new Uint32Array(memory.buffer, block(), 8);
    return { name, begin: (seed) => words.set(seed), search };
  }

  function javaScript() {
    const block = new Int32Array(16);
    const seeded = new Int32Array(8);
    const state = new Int32Array(8);
    return {
      name: 'js',
      begin: (seed) => block.set(seed),
      search(word8, word9, count, mostHigh, mostLow) {
        block[8] = word8;
        block[10] = 0x800000;
        block[15] = 41 * 8;
        seeded.set(INITIAL);
        advance(seeded, block, 0, 9);
        for (let i = 0; i < count; i++) {
          state.set(seeded);
          block[9] = word9 + i;
          advance(state, block, 9, 10);
          const last = searchRow(state, block, mostHigh, mostLow);
          if (last >= 0) {
            return i * NONCES_PER_ROW + last;
          }
        }
        return -1;
      },
    };
  }

  // The rounds before the first that differs from try to try.
  function advance(s, block, from, to) {
    for (let i = from; i < to; i++) {
      const [a, b, c, d, e, f, g, h] = s;
      const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7))
        + (g ^ e & (f ^ g)) + K[i] + block[i] | 0;
      const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10))
        + (b ^ (a ^ b) & (b ^ c)) | 0;
      s.set([t + u, a, b, c, d + t, e, f, g]);
    }
  }

  // The last byte of the first nonce of a row that solves the puzzle, or -1.
  function searchRow(s, block, mostHigh, mostLow) {
    for (let last = 0; last < NONCES_PER_ROW; last++) {
      let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
      let w0 = block[0], w1 = block[1], w2 = block[2], w3 = block[3];
      let w4 = block[4], w5 = block[5], w6 = block[6], w7 = block[7];
      let w8 = block[8], w9 = block[9], w10 = block[10] | last << 24, w11 = 0;
      let w12 = 0, w13 = 0, w14 = 0, w15 = block[15];
      // @rounds@
      const high = c + INITIAL[0] >>> 0;
      if (high <= mostHigh) {
        const low = d + INITIAL[1] >>> 0;
        if (high < mostHigh || low <= mostLow) {
          return last;
        }
      }
    }
    return -1;
  }

  // A policy or a setting may forbid WebAssembly, and an old browser may not know its SIMD.
  function bestEngine() {
    for (const [name, base64] of [['simd', SIMD], ['wasm', SCALAR]]) {
      try {
        return webAssembly(name, base64);
      } catch {
        // the next best
      }
    }
    return javaScript();
  }

  // ---- the challenge ----

  // Solves a challenge in slices of about so many milliseconds; yields after each, returns the proof.
  function* solve(challenge, engine, sliceMs) {
    const { token, puzzles, work } = checked(challenge);
    const [mostHigh, mostLow] = threshold(work, puzzles);
    engine.begin(seedOf(token));
    const nonces = new Uint8Array(8 * puzzles);
    const pace = { rows: 4, hashes: 0, ms: 0 };
    for (let index = 0; index < puzzles; index++) {
      let row = 0;
      let found = -1;
      while (found < 0) {
        const count = Math.min(pace.rows, ROWS - row % ROWS);
        const started = performance.now();
        const word8 = index << 24 | Math.floor(row / ROWS);
        found = engine.search(word8, row % ROWS, count, mostHigh, mostLow);
        keepPace(pace, count, found, performance.now() - started, sliceMs);
        if (found < 0) {
          row += count;
        } else {
          writeNonce(nonces, 8 * index, row * NONCES_PER_ROW + found);
        }
        const solved = found < 0 ? index : index + 1;
        yield { engine: engine.name, solved, hashes: pace.hashes, ms: pace.ms };
      }
    }
    return token + '.' + base64Url(nonces);
  }

  function keepPace(pace, count, found, took, sliceMs) {
    pace.hashes += found < 0 ? count * NONCES_PER_ROW : found + 1;
    pace.ms += took;
    if (took > 2 * sliceMs) {
      pace.rows = Math.max(1, pace.rows / 2);
    } else if (found < 0 && took < sliceMs / 2) {
      pace.rows = Math.min(MOST_ROWS_AT_ONCE, pace.rows * 2);
    }
  }

  function checked(challenge) {
    const { token, puzzles, work } = challenge;
    const isOne = typeof token === 'string' && /^[\w-]{44,1024}$/.test(token)
      && Number.isInteger(puzzles) && puzzles >= 1 && puzzles <= 255
      && Number.isInteger(work) && work >= puzzles && work <= MOST_WORK;
    if (!isOne) {
      throw new RangeError('challenge: unknown form');
    }
    return challenge;
  }

  // The seed is the last 32 bytes of the token, as eight words, highest byte first.
  function seedOf(token) {
    const bytes = bytesOf(token.replace(/-/g, '+').replace(/_/g, '/'));
    const view = new DataView(bytes.buffer, bytes.length - 32);
    return Uint32Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i));
  }

  // puzzles * floor((2^64 - 1) / work) as two words. Numbers hold 53 bits, so digit by digit.
  function threshold(work, puzzles) {
    const digits = [];
    let rest = 0;
    for (let i = 0; i < 8; i++) {
      const here = rest * 256 + 255;
      digits.push(Math.floor(here / work));
      rest = here % work;
    }
    const view = new DataView(new ArrayBuffer(8));
    let carry = 0;
    for (let i = 7; i >= 0; i--) {
      carry += digits[i] * puzzles;
      view.setUint8(i, carry % 256);
      carry = Math.floor(carry / 256);
    }
    return [view.getUint32(0), view.getUint32(4)];
  }

  function writeNonce(bytes, at, nonce) {
    for (let i = 7; i >= 0; i--) {
      bytes[at + i] = nonce % 256;
      nonce = Math.floor(nonce / 256);
    }
  }

  function bytesOf(base64) {
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  }

  function base64Url(bytes) {
    return btoa(String.fromCharCode(...bytes))
      .replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  }

  // ---- the worker ----

  const SLICE_MS = 50;
  const TELL_EVERY_MS = 250;

  function serve() {
    const engine = bestEngine();
    postMessage({ engine: engine.name });
    onmessage = (event) => {
      try {
        postMessage({ proof: solveAtOnce(event.data, engine) });
      } catch (e) {
        postMessage({ failed: String(e) });
      }
    };
  }

  function solveAtOnce(challenge, engine) {
    const steps = solve(challenge, engine, SLICE_MS);
    let step = steps.next();
    let told = { solved: -1, ms: 0 };
    while (!step.done) {
      const now = step.value;
      if (now.solved > told.solved || now.ms - told.ms > TELL_EVERY_MS) {
        postMessage(now);
        told = now;
      }
      step = steps.next();
    }
    return step.value;
  }

  if (typeof document === 'undefined' && self.name === 'tidegate') {
    serve();
  } else {
    self.tidegateSolver = { solve, javaScript, webAssembly, SIMD, SCALAR };
  }
})();
