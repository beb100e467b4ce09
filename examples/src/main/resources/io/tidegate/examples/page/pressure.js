import { tidegateFetch } from "/.tidegate/fetch.js";

const TIMES = 10;
const by = id => document.getElementById(id);
const count = number => number.toLocaleString("en");

function cell(text, name = "td") {
  return Object.assign(document.createElement(name), { textContent: text });
}

/** A row that is filled in as the request goes on. */
function addRow(number) {
  const row = document.createElement("tr");
  const cells = ["under way", "", "", ""].map(text => cell(text));
  const head = cell(String(number), "th");
  head.scope = "row";
  row.append(head, ...cells);
  by("asked").append(row);
  return values => values.forEach((text, at) => {
    cells[at].textContent = text;
  });
}

function showWork({ puzzles, solved }) {
  by("work").max = puzzles;
  by("work").value = solved;
}

/** Only the later tellings know an engine, where the gate's script names it. */
function workDone({ hashes, ms, engine }) {
  return `${count(hashes)} digests in ${Math.round(ms)} ms${engine ? ` (${engine})` : ""}`;
}

function inTheEnd(response) {
  const wait = response.headers.get("Retry-After");
  const name = { 201: "served", 429: "refused", 503: "busy" }[response.status] || "failed";
  return wait ? `${name} (${response.status}), come back in ${wait} s` : `${name} (${response.status})`;
}

async function registerOnce(number, run) {
  const tell = addRow(number);
  const body = JSON.stringify({ user: `tide-${run}-${number}`, password: `high-tide-${run}` });
  let work;
  const response = await tidegateFetch("/register", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
    onChallenge(progress) {
      work = progress;
      showWork(progress);
      tell(["challenged (429)", `${count(progress.work)} digests`, workDone(progress), "working"]);
    },
  });
  const end = inTheEnd(response);
  tell(work
    ? ["challenged (429)", `${count(work.work)} digests`, workDone(work), end]
    : [end, "none", "none", end]);
  return { worked: Boolean(work), served: response.ok };
}

async function showCounts() {
  const response = await fetch("/status", { cache: "no-store" });
  if (!response.ok) {
    return;
  }
  const { rules } = await response.json();
  by("counts").replaceChildren(...rules.map(one => {
    const row = document.createElement("tr");
    const head = cell(one.rule, "th");
    head.scope = "row";
    const counts = [one.admitted, one.refused, one.challenged, one.paid];
    row.append(head, ...counts.map(number => cell(count(number))));
    return row;
  }));
}

async function registerTimes() {
  const run = crypto.getRandomValues(new Uint32Array(2)).join("");
  const results = [];
  by("asked").replaceChildren();
  for (let number = 1; number <= TIMES; number++) {
    results.push(await registerOnce(number, run));
  }
  const served = results.filter(one => one.served);
  const paid = served.filter(one => one.worked).length;
  return `Of ${TIMES} requests, ${served.length - paid} were served at once, ${paid} after work, `
    + `and ${TIMES - served.length} refused.`;
}

by("ten").addEventListener("click", async () => {
  by("ten").disabled = true;
  by("pressure-status").textContent = "Under way.";
  try {
    by("pressure-status").textContent = await registerTimes();
    await showCounts();
  } catch (e) {
    by("pressure-status").textContent = "The service cannot be reached. Is the demo still running?";
  }
  by("work").value = 0;
  by("ten").disabled = false;
});

showCounts().catch(() => {});
