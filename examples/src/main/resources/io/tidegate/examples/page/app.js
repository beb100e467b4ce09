"use strict";

const by = id => document.getElementById(id);
const FIELDS = ["RateLimit", "RateLimit-Policy", "Retry-After"];

/** What each rule of the gate is about, in plain words. */
const LIMITS = {
  "register": "registrations from your address",
  "newcomers": "registrations by everybody together",
  "accounts": "registrations from your address in an hour",
  "login": "failed logins from your address",
  "chat": "questions with your key",
  "anonymous-chat": "questions without a key from your address",
  "altcha": "ALTCHA challenges for your address",
  "altcha-verify": "ALTCHA answers from your address",
  "everything": "requests of any kind from your address",
};

let apiKey = ""; // of whoever has logged in; in memory only

/** A limit in plain words; a plan's limit is called by its rule, a dot and the plan. */
function inWords(name) {
  return LIMITS[name.split(".")[0]] || name;
}

/** Reads a list such as: "chat";r=9;t=6, "everything";r=599;t=1 */
function parse(field) {
  const items = (field || "").matchAll(/"([^"]+)"((?:;[a-z]+=[^;,]+)*)/g);
  return Array.from(items, ([, name, rest]) => {
    const parameters = rest.split(";").slice(1).map(text => text.split("="));
    return { name, ...Object.fromEntries(parameters) };
  });
}

function row(cells) {
  const tr = document.createElement("tr");
  for (const text of cells) {
    tr.append(Object.assign(document.createElement("td"), { textContent: text }));
  }
  return tr;
}

function showLimits(headers) {
  const told = FIELDS.filter(name => headers.has(name));
  by("fields").textContent =
    told.map(name => `${name}: ${headers.get(name)}`).join("\n") || "None with this answer.";
  const policies = parse(headers.get("RateLimit-Policy"));
  const rows = parse(headers.get("RateLimit")).map(limit => {
    const policy = policies.find(other => other.name === limit.name) || {};
    return row([
      inWords(limit.name),
      policy.q ? `${policy.q} in ${policy.w} s` : "",
      limit.r,
      limit.t ? `${limit.t} s` : "",
    ]);
  });
  if (rows.length > 0) {
    by("limits").replaceChildren(...rows);
  }
}

let ticking = 0;

function stopCountdown() {
  clearInterval(ticking);
  by("countdown").hidden = true;
}

/** Counts down where all can see it; only its start and its end are read out. */
function countDown(seconds) {
  const end = Date.now() + seconds * 1000;
  const show = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    by("countdown").hidden = false;
    by("countdown").textContent = `${left} s to go`;
    if (left <= 0) {
      stopCountdown();
      by("status").textContent = "The wait is over: you can go on.";
    }
  };
  show();
  ticking = setInterval(show, 250);
}

function seconds(count) {
  return count === 1 ? "1 second" : `${count} seconds`;
}

/** Says in plain words what an answer other than success means. */
async function explain(response) {
  const body = await response.json().catch(() => ({}));
  const text = body.detail || (body.error && body.error.message) || response.statusText;
  const wait = Number(response.headers.get("Retry-After"));
  if (response.status === 429 && wait) {
    const limit = parse(response.headers.get("RateLimit"))
      .find(one => one.r === "0" && Number(one.t) === wait);
    const why = limit
      ? `Too many ${inWords(limit.name)}.`
      : "Your address is shut out for a while, after too many refusals.";
    by("status").textContent = `${why} Come back in ${seconds(wait)}.`;
    countDown(wait);
  } else if (response.status === 503 && wait) {
    by("status").textContent = `The service is busy, through no fault of yours. Come back in ${seconds(wait)}.`;
    countDown(wait);
  } else {
    by("status").textContent = text;
  }
}

/** Asks the service; null if it refused or cannot be reached, which is then told. */
async function ask(path, body, key) {
  const headers = { "Content-Type": "application/json" };
  if (key) {
    headers.Authorization = `Bearer ${key}`;
  }
  try {
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    stopCountdown();
    showLimits(response.headers);
    if (response.ok) {
      return response;
    }
    await explain(response);
  } catch (e) {
    by("status").textContent = "The service cannot be reached. Is the demo still running?";
  }
  return null;
}

/** Calls back for each event of a stream. */
async function readEvents(response, onData) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const events = (rest + part.value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      onData(event.replace(/^data: /, ""));
    }
  }
}

by("chat").addEventListener("submit", async event => {
  event.preventDefault();
  const choice = document.querySelector("input[name=as]:checked");
  const key = choice.id === "as-user" ? apiKey : choice.value;
  const messages = [{ role: "user", content: by("message").value }];
  const response = await ask("/v1/chat/completions", { model: "demo", stream: true, messages }, key);
  if (!response) {
    return;
  }
  by("status").textContent = "You were let in.";
  by("answer").textContent = "";
  by("answer").setAttribute("aria-busy", "true"); // read out whole, not token by token
  try {
    await readEvents(response, data => {
      if (data !== "[DONE]") {
        by("answer").textContent += JSON.parse(data).choices[0].delta.content || "";
      }
    });
  } catch (e) {
    by("status").textContent = "The answer broke off.";
  }
  by("answer").removeAttribute("aria-busy");
});

by("account").addEventListener("submit", async event => {
  event.preventDefault();
  const path = event.submitter ? event.submitter.value : "/login";
  const response = await ask(path, { user: by("user").value, password: by("password").value });
  if (!response) {
    return;
  }
  if (path === "/register") {
    by("status").textContent = "Registered. You can log in now.";
    return;
  }
  apiKey = (await response.json()).api_key;
  by("as-user").disabled = false;
  by("as-user").checked = true;
  by("status").textContent = "Logged in. Your questions now count against your own key.";
});
