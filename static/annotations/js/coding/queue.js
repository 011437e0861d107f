// Everything that is still to be saved, in order. What is here survives a dead network, an expired sign-in
// and a reload of the tab (sessionStorage; never text of messages). One request at a time, so that what was
// done later is stored later. Each action carries the address of its conversation: the coder goes on.

import { quote } from "../common/offsets.js";
import { post } from "./api.js";
import { fetchUnit } from "./fetching.js";
import { base, page, remember, state, take, tell, textElement, unitAt } from "./state.js";
import { rebuild } from "./view.js";

const PAUSES = [1000, 2000, 4000, 8000, 15000];
const CREATES = ({ do: what, candidate }) => what === "add" || what === "accept" || (what === "move" && candidate);

let store = "";
let waiting = [];
let aside = []; // {action, problem}: what the server did not store; the rest went on
let sending = null;
let failures = 0;
let timer = 0;
let trouble = ""; // "", "offline", "busy", "out" or "denied"
let problem = "";
let number = Date.now();

export function restore() {
  store = `coding-queue-${page.study}`;
  try {
    const kept = JSON.parse(sessionStorage.getItem(store) ?? "null");
    if (kept?.user !== page.user) return;
    waiting = kept.waiting.map((action) => ({ ...action, again: true }));
    aside = kept.aside;
  } catch {
    // Nothing was kept, or nothing that can be read.
  }
}

function keep() {
  try {
    if (waiting.length || aside.length) sessionStorage.setItem(store, JSON.stringify({ user: page.user, waiting, aside }));
    else sessionStorage.removeItem(store);
  } catch {
    // Storage is full or switched off: the queue then lives as long as the page.
  }
}

export const pending = () => waiting.filter((action) => action.base === base);
export const isBusy = (address) => waiting.some((action) => action.base === address);
export const setAside = () => aside;
export const condition = () => ({ trouble, problem, count: waiting.length, sending: sending !== null });

export const lastPending = (unit, variable) =>
  pending().findLast((one) => one.do === "answer" && one.unit === unit && one.variable === variable);

// An answer carries the revision its coder saw; one that follows an unsaved answer of the same question, or
// is about a fragment that is still to be made, takes the revision that is there when it is sent. A fragment that is still to be made has a number below zero.
export function push(action) {
  const entry = { ...action, base, title: page.title, id: (number += 1) };
  if (CREATES(entry)) entry.temp ??= -entry.id;
  if (entry.do === "answer") {
    entry.follows = entry.unit.startsWith("s-") || lastPending(entry.unit, entry.variable) !== undefined;
    entry.revision ??= state.units[entry.unit]?.a[entry.variable]?.[1] ?? 0;
  }
  waiting.push(entry);
  changed();
  send();
  return entry;
}

function changed() {
  keep();
  rebuild(waiting);
  tell("queue");
}

export const show = () => rebuild(waiting);

export function retry() {
  failures = 0;
  clearTimeout(timer);
  timer = 0;
  send();
}

// What was set aside, once more or no more.
export function again() {
  const entries = aside.map(({ action }) => ({ ...action, again: true, follows: true }));
  aside = [];
  waiting.push(...entries);
  changed();
  send();
}

export function dropAside() {
  aside = [];
  changed();
}

const LOCAL = ["id", "base", "title", "follows", "temp", "at"];

function body(action, unit) {
  const rest = Object.fromEntries(Object.entries(action).filter(([name]) => !LOCAL.includes(name)));
  const { stored, thread } = unit;
  if (action.do === "answer" && action.follows) rest.revision = stored.units[action.unit]?.a[action.variable]?.[1] ?? 0;
  if (action.do === "add" || action.do === "move") {
    const text = textElement(action.message, thread);
    rest.quote = text ? quote(text, action.start, action.end) : "";
  }
  if ((action.do === "move" || action.do === "remove") && action.span) {
    rest.revision = action.revision ?? stored.spans.get(action.span)?.r ?? 0;
  }
  return rest;
}

// The unit an action is about; after a reload of the tab it may be another than the one on the screen.
async function unitOf(action) {
  const unit = unitAt(action.base) ?? (await fetchUnit(action.base));
  if (unit) remember(unit);
  return unit;
}

const LATER = new Set(["offline", "out", "busy"]);

async function send() {
  if (sending || timer || !waiting.length) return;
  const action = waiting[0];
  sending = action;
  tell("queue");
  const unit = await unitOf(action);
  const { outcome, reply } = unit ? await post(action.base, "save/", body(action, unit)) : { outcome: "offline" };
  sending = null;
  if (LATER.has(outcome)) {
    action.again = true;
    trouble = outcome;
    problem = reply?.problem ?? "";
    timer = setTimeout(retryLater, outcome === "out" ? 3000 : PAUSES[Math.min(failures, PAUSES.length - 1)]);
    failures += 1;
    keep();
    tell("queue");
    return;
  }
  failures = 0;
  trouble = outcome === "denied" ? "denied" : "";
  problem = trouble ? (reply?.problem ?? "") : "";
  waiting = waiting.filter((one) => one !== action);
  settle(action, unit, outcome, reply ?? {});
  send();
}

function settle(action, unit, outcome, reply) {
  if (reply.units) take(unit, reply);
  if (outcome === "done" && action.temp && reply.span) rename(action.temp, reply.span);
  if (outcome !== "done" && action.temp) dropDependents(action.temp, reply);
  const here = action.base === base;
  if (outcome === "failed" || (outcome !== "done" && !here)) aside.push({ action, problem: reply.problem ?? "" });
  keep();
  if (here) {
    rebuild(waiting);
    tell("reply", reply);
  }
  const told = { done: "done", stale: "stale", failed: "failed" }[outcome] ?? "refused";
  if (here || told === "done") tell(told, { action, reply });
  tell("queue");
}

// A fragment that was made has a number of its own from now on.
function rename(from, to) {
  for (const action of waiting) renameIn(action, from, to);
  if (state.focus === `s${from}`) state.focus = `s${to}`;
  tell("renamed", { from, to });
}

export function renameIn(action, from, to) {
  if (action.span === from) action.span = to;
  if (action.unit === `s${from}`) action.unit = `s${to}`;
  if (action.at === `s${from}`) action.at = `s${to}`;
}

// What was done to a fragment that could not be made.
function dropDependents(temp, reply) {
  const rests = (action) => action.span === temp || action.unit === `s${temp}`;
  aside.push(...waiting.filter(rests).map((action) => ({ action, problem: reply.problem ?? "" })));
  waiting = waiting.filter((action) => !rests(action));
}

function retryLater() {
  timer = 0;
  send();
}

addEventListener("online", retry);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && trouble) retry();
});
export const start = send;
