// The conversation: which message is current, which fragment is in focus, the bar below it.

import { keepMySpan, forget, spanConflict, spanWords } from "./conflict.js";
import { paint } from "./paint.js";
import { pending } from "./queue.js";
import { accept, describe, move, reject } from "./spans.js";
import { fragment, messageElement, messages, on, state, tell, textElement, undecided, words } from "./state.js";

const bar = document.getElementById("span-bar");
const refusal = document.getElementById("span-refused");
const title = document.getElementById("panel-title");
const role = document.getElementById("panel-role");

export function setCurrent(id, { scroll = true } = {}) {
  const element = messageElement(id);
  if (!element || state.current === id) return;
  for (const other of messages()) other.removeAttribute("aria-current");
  element.setAttribute("aria-current", "true");
  state.current = id;
  title.textContent = element.dataset.title;
  role.textContent = element.dataset.role;
  if (scroll) element.scrollIntoView({ block: "nearest" });
  if (fragment(state.focus)?.m !== id) setFocus(null);
  tell("current");
}

export function stepMessage(by) {
  const all = messages();
  const place = all.findIndex((element) => Number(element.dataset.message) === state.current);
  const next = all[Math.min(Math.max(place + by, 0), all.length - 1)];
  if (next) visit(Number(next.dataset.message));
}

// To a message, and in it to what comes first: an undecided candidate, else the questions.
export function visit(id) {
  setCurrent(id);
  const first = state.finished ? null : undecided(id)[0];
  setFocus(first ?? null);
}

// take: the keyboard goes to the fragment's message too; what only draws it anew leaves the keyboard where it is.
export function setFocus(key, { scroll = true, take = true } = {}) {
  const before = state.focus;
  state.focus = fragment(key) ? key : null;
  for (const mark of document.querySelectorAll("mark.is-focus")) mark.classList.remove("is-focus");
  bar.hidden = true;
  const one = fragment(state.focus);
  if (one) {
    setCurrent(one.m, { scroll });
    const marks = pieces(key);
    for (const mark of marks) mark.classList.add("is-focus");
    showBar(one);
    if (take && !document.querySelector("dialog[open]")) messageElement(one.m).focus({ preventScroll: true });
    if (scroll) marks[0]?.scrollIntoView({ block: "nearest" });
  }
  tell("focus", { taken: take && one !== null, left: before !== null && one === null });
}

const pieces = (key) => [...document.querySelectorAll(`mark[data-span="${key}"]`)];

function showBar(one) {
  const about = describe(state.focus);
  const conflict = one.kind === "span" && spanConflict(state.focus);
  bar.querySelector("strong").textContent = about.name;
  bar.querySelector(".span-bar__why").textContent = conflict ? spanWords(conflict) : about.why;
  for (const button of bar.querySelectorAll("button")) {
    const shown = button.dataset.for.split(" ").includes(conflict ? "conflict" : about.kind);
    button.hidden = !shown || (state.finished && !conflict);
  }
  textElement(one.m).parentElement.append(bar);
  bar.hidden = false;
}

// What could not be done with a fragment is said under its message, until something else is done there.
function refuse(message, problem) {
  (textElement(message)?.parentElement ?? bar.parentElement).append(refusal);
  refusal.textContent = problem || words.notSaved;
  refusal.hidden = false;
}

for (const name of ["refused", "failed"]) {
  on(name, ({ action, reply }) => {
    if (action.message && action.do !== "answer") refuse(action.message, reply.problem);
  });
}

// The text as the server has it, and on it what still waits.
on("reply", (reply) => {
  if (reply.html === undefined) return;
  const text = textElement(reply.message);
  if (!text) return;
  text.innerHTML = reply.html;
  drawn(reply.message);
});

function drawn(messageId) {
  paint(messageId);
  tell("drawn", messageId);
  const key = state.focus;
  if (key && (fragment(key)?.m ?? messageId) === messageId) setFocus(key, { scroll: false, take: false });
}

// Called after an action on a fragment: the screen shows it before the server knows.
on("redraw", (messageId) => {
  refusal.hidden = true;
  drawn(messageId);
});
on("conflicts", () => setFocus(state.focus, { scroll: false, take: false }));
on("renamed", ({ from, to }) => {
  for (const mark of pieces(`s${from}`)) mark.dataset.span = `s${to}`;
});

// After a decision: on to the next candidate that waits in this message; else the fragment that was made keeps
// the focus only if it is asked about.
export function decide(act, key) {
  const one = fragment(key);
  if (!one) return;
  if (act === accept && one.kinds > 1) {
    tell("retype", key); // its kind was split: which part it is, only eyes can tell
    return;
  }
  const waiting = undecided(one.m).filter((other) => other !== key);
  act(key);
  if (one.kind !== "candidate") {
    if (!fragment(key)) setFocus(waiting[0] ?? null);
    return;
  }
  const next = waiting.find((other) => fragment(other).s >= one.s) ?? waiting[0] ?? null;
  setFocus(next);
}

bar.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !state.focus) return;
  const key = state.focus;
  if (button.value === "accept") decide(accept, key);
  else if (button.value === "reject") decide(reject, key);
  else if (button.value === "retype") tell("retype", key);
  else if (button.value === "mine") keepMySpan(`span ${key.slice(1)}`);
  else if (button.value === "theirs") forget(`span ${key.slice(1)}`);
  else move(key, button.dataset.edge, Number(button.dataset.by));
});

function markDone() {
  for (const element of messages()) {
    const unit = state.units[`m${element.dataset.message}`];
    const done = unit && unit.show.length > 0 && !unit.open.length && Object.values(unit.a).some(([value]) => value !== null);
    element.classList.toggle("msg--done", Boolean(done) && !undecided(Number(element.dataset.message)).length);
  }
}
on("view", markDone);
// What floats in a conversation stays on the page when another one comes.
on("leaving", () => {
  bar.hidden = true;
  refusal.hidden = true;
  document.querySelector(".thread").append(bar, refusal);
});
on("opened", () => {
  for (const id of new Set(pending().map((action) => action.message))) if (id) paint(id);
  markDone();
});
