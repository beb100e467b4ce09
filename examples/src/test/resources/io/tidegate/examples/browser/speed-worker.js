importScripts('/.tidegate/worker.js');

const { javaScript, webAssembly, SIMD, SCALAR } = self.tidegateSolver;
const engines = {
  simd: webAssembly('simd', SIMD),
  wasm: webAssembly('wasm', SCALAR),
  js: javaScript(),
};

// Digests a second: no digest is as small as zero, so that every nonce is tried.
onmessage = ({ data: { engine, ms } }) => {
  const { begin, search } = engines[engine];
  begin(Uint32Array.from({ length: 8 }, (_, i) => i));
  const started = performance.now();
  let rows = 0;
  let took = 0;
  while (took < ms) {
    search(1 << 24, rows, 64, 0, 0);
    rows += 64;
    took = performance.now() - started;
  }
  postMessage(rows * 256 / took * 1_000);
};
