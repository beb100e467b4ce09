// Tidegate, Apache-2.0. Sources: core/src/main/browser
const WORKER = new URL('worker.js', import.meta.url);
const SILENCE_MS = 10_000;
const SLICE_MS = 12;
async function solve(challenge, onProgress = () => {}, signal = undefined) {
signal?.throwIfAborted();
try {
return await solveInWorker(challenge, onProgress, signal);
} catch (e) {
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
const PROOF = 'Tidegate-Proof';
export async function tidegateFetch(input, init = {}) {
const { onChallenge = () => {}, mostWork = 1e9, ...options } = init;
const isStream = options.body instanceof ReadableStream;
const again = input instanceof Request && input.body && !options.body ? input.clone() : input;
const response = await fetch(input, options);
const challenge = await challengeIn(response);
if (!challenge || !(challenge.work <= mostWork)) {
return response;
}
const { work, puzzles } = challenge;
const tell = ({ solved, hashes, ms, engine }) =>
onChallenge({ work, puzzles, solved, hashes, ms, engine });
tell({ solved: 0, hashes: 0, ms: 0 });
const signal = options.signal ?? (input instanceof Request ? input.signal : undefined);
const proof = await solve(challenge, tell, signal);
if (isStream) {
await buyPass(response.url, challenge, proof, signal); // from the same origin, or not at all
return response;
}
const headers = new Headers(options.headers ?? (input instanceof Request ? input.headers : {}));
headers.set(PROOF, proof);
return fetch(again, { ...options, headers });
}
async function challengeIn(response) {
const type = response.headers.get('Content-Type') ?? '';
if (![429, 503].includes(response.status) || !type.startsWith('application/problem+json')) {
return undefined;
}
try {
const { challenge } = await response.clone().json();
return typeof challenge?.token === 'string' ? challenge : undefined;
} catch {
return undefined;
}
}
async function buyPass(url, challenge, proof, signal) {
const headers = { [PROOF]: proof };
const pass = new URL(challenge.pass, url);
if (pass.origin === new URL(url).origin) {
await fetch(pass, { method: 'POST', headers, signal });
}
}
