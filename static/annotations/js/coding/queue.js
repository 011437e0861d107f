// Everything that is still to be saved, in order. What is here survives a dead network, an expired
// sign-in and a reload of the tab (sessionStorage; never text of messages). One request at a time, so
// that what was done later is stored later.

import { post } from "./api.js";
import { fragment, page, state, take, tell, textElement } from "./state.js";
import { quote } from "../common/offsets.js";

const STORE = `coding-queue-${page.assignment}`;
const PAUSES = [1000, 2000, 4000, 8000, 15000];

let waiting = restore();
let sending = null;
let failures = 0;
let timer = 0;
let trouble = ""; // "", "offline", "out" or "denied"
let number = Date.now();

function restore() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
    return kept && kept.user === page.user ? kept.waiting.map((action) => ({ ...action, again: true })) : [];
  } catch {
    return [];
  }
}

function keep() {
  try {
    if (waiting.length) sessionStorage.setItem(STORE, JSON.stringify({ user: page.user, waiting }));
    else sessionStorage.removeItem(STORE);
  } catch {
    // Storage is full or switched off: the queue then lives as long as the page.
  }
}

export const pending = () => waiting;
export const condition = () => ({ trouble, count: waiting.length, sending: sending !== null });

export function lastPending(unit, variable) {
  return waiting.findLast((one) => one.do === "answer" && one.unit === unit && one.variable === variable);
}

// The answer as it will be once what waits is saved.
export function valueOf(unit, variable) {
  const waits = lastPending(unit, variable);
  return waits ? waits.value : (state.units[unit]?.a[variable]?.[0] ?? null);
}

// The boundaries of a fragment as they will be; `at` only if they were moved and that waits.
export function placeOf(key) {
  const one = fragment(key);
  return waiting.findLast((action) => action.do === "move" && action.at === key) ?? (one && { start: one.s, end: one.e });
}

// An answer carries the revision its coder saw; one that follows an unsaved answer of the same
// question takes the revision that answer gets.
export function push(action) {
  const entry = { ...action, id: (number += 1) };
  if (entry.do === "answer") {
    entry.follows = lastPending(entry.unit, entry.variable) !== undefined;
    entry.revision ??= state.units[entry.unit]?.a[entry.variable]?.[1] ?? 0;
  }
  waiting.push(entry);
  keep();
  tell("queue");
  send();
  return entry.id;
}

export function retry() {
  failures = 0;
  clearTimeout(timer);
  timer = 0;
  send();
}

function body(action) {
  const { id, follows, restore: _answers, instead, ...rest } = action;
  if (action.do === "answer" && follows) rest.revision = state.units[action.unit]?.a[action.variable]?.[1] ?? 0;
  if (action.do === "add" || action.do === "move") {
    const text = textElement(action.message);
    rest.quote = text ? quote(text, action.start, action.end) : "";
  }
  if ((action.do === "move" || action.do === "remove") && action.span) {
    rest.revision = action.revision ?? state.spans.get(action.span)?.r ?? 0;
  }
  return rest;
}

async function send() {
  if (sending || timer || !waiting.length) return;
  sending = waiting[0];
  tell("queue");
  const { outcome, reply } = await post("save/", body(sending));
  const action = sending;
  sending = null;
  if (outcome === "offline" || outcome === "out") {
    action.again = true;
    trouble = outcome;
    timer = setTimeout(retryLater, outcome === "out" ? 3000 : PAUSES[Math.min(failures, PAUSES.length - 1)]);
    failures += 1;
    keep();
    tell("queue");
    return;
  }
  failures = 0;
  trouble = outcome === "denied" ? "denied" : "";
  waiting = waiting.filter((one) => one !== action);
  keep();
  if (reply) take(reply);
  tell(outcome === "done" ? "done" : outcome === "stale" ? "stale" : "refused", { action, reply: reply ?? {} });
  tell("queue");
  send();
}

function retryLater() {
  timer = 0;
  send();
}

addEventListener("online", retry);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && trouble) retry();
});
export function start() {
  send();
}
