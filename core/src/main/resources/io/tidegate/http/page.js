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
const main = document.getElementById('tidegate');
const text = main.dataset;
const path = text.path;
const bar = document.getElementById('progress');
const status = document.getElementById('status');
const engineLine = document.getElementById('engine');
const button = document.getElementById('again');
const title = document.title;
const MOST_RETRIES = 2;
const RETRY_AFTER_MS = 2_000;
const TITLE_EVERY_MS = 1_000;
const SAY_EVERY_MS = 5_000;
const RECENT_MS = 30_000;
const MEMORY = 'tidegate';
const PASSED = 'passed';
const FOLLOWED = 'followed';
const tabs = 'BroadcastChannel' in self ? new BroadcastChannel('tidegate') : undefined;
let isWorking = false;
function say(sentence, value) {
status.textContent = sentence.replace('{0}', value);
}
function showWorking() {
isWorking = true;
bar.value = 0;
bar.hidden = false;
button.hidden = true;
say(text.measuring);
}
function showFailure(sentence, value) {
isWorking = false;
bar.hidden = true;
button.hidden = false;
document.title = `! ${title}`;
say(sentence, value);
}
function progressTeller({ puzzles, work }) {
let saidAt = performance.now() - SAY_EVERY_MS + 500;
let titledAt = 0;
return ({ engine, isOnPage, solved, hashes, ms }) => {
const now = performance.now();
bar.max = puzzles;
bar.value = solved;
engineLine.textContent = text[isOnPage ? 'enginepage' : `engine${engine}`];
if (now - titledAt >= TITLE_EVERY_MS) {
titledAt = now;
document.title = `${Math.floor(100 * solved / puzzles)} % \u2013 ${title}`;
}
if (now - saidAt >= SAY_EVERY_MS && ms > 0) {
saidAt = now;
const left = work * (1 - solved / puzzles) * ms / hashes;
say(text.left, seconds(Math.max(1, Math.ceil(left / 1000))));
}
};
}
function seconds(count) {
try {
const style = { style: 'unit', unit: 'second', unitDisplay: 'long' };
return new Intl.NumberFormat(document.documentElement.lang, style).format(count);
} catch {
return `${count} s`;
}
}
function recall() {
const [navigation] = performance.getEntriesByType('navigation');
if (navigation?.type !== 'reload') {
return '';
}
try {
const [what, when] = (sessionStorage.getItem(MEMORY) ?? '').split(' ');
return Math.abs(Date.now() - when) < RECENT_MS ? what : '';
} catch {
return PASSED; // where nothing may be stored, cookies may not either
}
}
function leave(why) {
isWorking = false;
try {
sessionStorage.setItem(MEMORY, `${why} ${Date.now()}`);
} catch {
}
location.reload();
}
async function freshChallenge() {
const response = await fetch(`${path}/challenge`, { cache: 'no-store' });
if (!response.ok) {
throw new TypeError(`challenge: status ${response.status}`);
}
return response.json();
}
async function buyPass(proof) {
const headers = { 'Tidegate-Proof': proof };
const response = await fetch(`${path}/pass`,
{ method: 'POST', headers, credentials: 'same-origin', cache: 'no-store' });
if (response.ok) {
return undefined;
}
if (response.status === 429) {
const wait = Number(response.headers.get('Retry-After')) || 60;
return { sentence: text.busy, value: seconds(wait), isFinal: true };
}
if (response.status !== 403) {
throw new TypeError(`pass: status ${response.status}`);
}
const { reason, challenge } = await response.json().catch(() => ({}));
return { sentence: reason === 'expired' ? text.late : text.refused, challenge };
}
async function attempt(state) {
try {
if (!state.proof) {
state.challenge ??= await freshChallenge();
state.proof = await solve(state.challenge, progressTeller(state.challenge));
}
bar.value = bar.max;
const flaw = await buyPass(state.proof);
state.proof = undefined;
state.challenge = flaw?.challenge;
return flaw;
} catch (e) {
console.warn('tidegate:', e);
if (!state.proof && state.challenge) {
state.challenge = undefined;
return { sentence: text.broken, isFinal: true };
}
return { sentence: text.offline, isLost: true };
}
}
async function run(state) {
showWorking();
for (let tries = 0; ; tries++) {
const flaw = await attempt(state);
if (!flaw) {
say(text.done);
tabs?.postMessage(PASSED);
leave(PASSED);
return;
}
if (flaw.isFinal || tries === MOST_RETRIES) {
state.challenge = undefined;
showFailure(flaw.sentence, flaw.value);
return;
}
say(flaw.sentence, flaw.value);
if (flaw.isLost) {
await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
}
}
}
function start() {
const before = recall();
const challenge = { token: text.token, puzzles: Number(text.puzzles), work: Number(text.work) };
const state = { challenge, proof: undefined };
button.addEventListener('click', () => run(state));
addEventListener('pageshow', (event) => {
if (event.persisted) {
location.reload();
}
});
if (before === PASSED || !navigator.cookieEnabled) {
state.challenge = undefined; // who presses the button may have read for long
showFailure(navigator.cookieEnabled ? text.cookies : text.nocookies);
return;
}
tabs?.addEventListener('message', () => {
if (isWorking && before !== FOLLOWED) {
leave(FOLLOWED);
}
});
run(state);
}
start();
