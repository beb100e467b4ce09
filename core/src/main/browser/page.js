// The challenge page: solves, buys a pass with the proof, and loads the page that was wanted.
//
// States: working -> passing -> gone (reload), or failed, from which a button leads back to
// working. What the page says is in data attributes of the main element, in the visitor's language.

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

// ---- what is shown ----

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

// A screen reader reads the status, so that it must not change with every step.
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

// ---- what was here before this page: a reload must not lead to a reload for ever ----

// Only a reload is the end of what this page began: who sends another form from another site comes
// without the pass (cookies are SameSite), and pays once more.
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
    // recall() takes every reload for this one
  }
  location.reload();
}

// ---- the way through ----

async function freshChallenge() {
  const response = await fetch(`${path}/challenge`, { cache: 'no-store' });
  if (!response.ok) {
    throw new TypeError(`challenge: status ${response.status}`);
  }
  return response.json();
}

// Nothing if it was accepted, else why not: {sentence, value, challenge, isFinal, isLost}.
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

// One try, and what became of it. A proof that did not arrive is kept for the next.
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

// The state outlives a failure, so that a proof that did not arrive is not calculated again.
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
  // Another tab has bought a pass, which is good for this one too; but it is believed once only.
  tabs?.addEventListener('message', () => {
    if (isWorking && before !== FOLLOWED) {
      leave(FOLLOWED);
    }
  });
  run(state);
}

start();
