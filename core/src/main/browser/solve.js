// Solves a challenge: in a worker or, where none can be started, in slices on this thread.
// build.sh puts this in front of page.js and fetch.js.

const WORKER = new URL('worker.js', import.meta.url);
const SILENCE_MS = 10_000;
const SLICE_MS = 12;

// The proof. onProgress gets {engine, solved, hashes, ms}, and isOnPage if this thread works.
async function solve(challenge, onProgress = () => {}, signal = undefined) {
  signal?.throwIfAborted();
  try {
    return await solveInWorker(challenge, onProgress, signal);
  } catch (e) {
    // A policy, an extension or a setting may forbid workers: each browser tells it in its own way.
    signal?.throwIfAborted();
    return solveHere(challenge, onProgress, signal);
  }
}

function solveInWorker(challenge, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { name: 'tidegate' });
    const end = (settle, value) => {
      clearTimeout(silence);
      signal?.removeEventListener('abort', abort);
      worker.terminate();
      settle(value);
    };
    const abort = () => end(reject, signal.reason);
    const silence = setTimeout(() => end(reject, new Error('worker: silent')), SILENCE_MS);
    signal?.addEventListener('abort', abort);
    worker.onerror = () => end(reject, new Error('worker: failed'));
    worker.onmessage = ({ data }) => {
      clearTimeout(silence);
      if ('proof' in data) {
        end(resolve, data.proof);
      } else if ('failed' in data) {
        end(reject, new Error(data.failed));
      } else if ('solved' in data) {
        onProgress(data);
      }
    };
    worker.postMessage(challenge);
  });
}

async function solveHere(challenge, onProgress, signal) {
  await import(WORKER.href);
  const { solve: stepsOf, javaScript } = self.tidegateSolver;
  const steps = stepsOf(challenge, javaScript(), SLICE_MS);
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      return value;
    }
    onProgress({ ...value, isOnPage: true });
    await turn();
    signal?.throwIfAborted();
  }
}

// Lets the page live for a moment. Timers would do, but are slowed down in hidden tabs.
function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
