// For single-page applications: like fetch, but pays when the answer is a challenge.
//
//   import { tidegateFetch } from '/.tidegate/fetch.js';
//   const response = await tidegateFetch('/api/answer', { method: 'POST', body: question });
//
// An answer of 429 or 503 whose problem document holds a challenge is paid for in a worker, and the very
// same request is sent once more with the proof. Whatever comes then is the answer: never a third
// request, never a loop. Any other answer is given back as it came.
//
// Options beside those of fetch:
//   onChallenge   called with {work, puzzles, solved, hashes, ms, engine} when a challenge comes (solved is
//                 0), and as it gets solved, for a sign that something is going on
//   mostWork      how many hashes to calculate at most, 1e9 if not said; what asks for more is given
//                 back as it came
// A signal ends the calculation too; the promise is then rejected with the signal's reason.
//
// A body that is a stream is gone once it was sent, and keeping a copy would hold all of an upload
// in memory. So for init.body = a ReadableStream the proof buys a pass (a cookie), and the answer
// is given back: the caller, who alone can make the stream again, sends it again, and comes
// in with the pass. The body of a Request object is copied: take init.body for large uploads.

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

// If it fails, the caller's next request is refused again, and says why.
async function buyPass(url, challenge, proof, signal) {
  const headers = { [PROOF]: proof };
  const pass = new URL(challenge.pass, url);
  if (pass.origin === new URL(url).origin) {
    await fetch(pass, { method: 'POST', headers, signal });
  }
}
