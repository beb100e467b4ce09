// Runs every engine in one worker, one after the other, and then a loop of crypto.subtle.digest in
// this page; three rounds, of each the best, as other programs run here too.

const ROUNDS = 3;
const MS = 2_000;
const figures = document.getElementById('figures');
const worker = new Worker('speed-worker.js');

const best = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const engine of ['simd', 'wasm', 'js']) {
    best[engine] = Math.max(best[engine] ?? 0, await inWorker(engine));
  }
  best.subtle = Math.max(best.subtle ?? 0, await subtle());
}
for (const [name, perSecond] of Object.entries(best)) {
  const times = (perSecond / best.subtle).toFixed(1);
  figures.append(`${name.padEnd(8)}${(perSecond / 1e6).toFixed(3).padStart(8)}  ${times}x\n`);
}
document.body.insertAdjacentHTML('beforeend', '<p id="done">done</p>');

function inWorker(engine) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    worker.postMessage({ engine, ms: MS });
  });
}

// What a page can do without an engine of its own: a promise for each digest.
async function subtle() {
  const block = new Uint8Array(41);
  const started = performance.now();
  let count = 0;
  let took = 0;
  while (took < MS) {
    for (let i = 0; i < 1_000; i++) {
      block[40] = i;
      await crypto.subtle.digest('SHA-256', block);
    }
    count += 1_000;
    took = performance.now() - started;
  }
  return count / took * 1_000;
}
