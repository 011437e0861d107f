// The conversation: which message is current, which fragment is in focus, the bar below it.

import { keepMySpan, forget, spanConflict, spanWords } from "./conflict.js";
import { pending } from "./queue.js";
import { accept, describe, move, reject } from "./spans.js";
import { fragment, messageElement, messages, on, state, tell, textElement, undecided, words } from "./state.js";

const bar = document.getElementById("span-bar");
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

// take: the fragment takes the keyboard too; what only draws it anew leaves the keyboard where it is.
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
    const free = take ? !document.querySelector("dialog[open]") : document.activeElement === document.body;
    if (free) marks[0]?.focus({ preventScroll: true });
    if (scroll) marks[0]?.scrollIntoView({ block: "nearest" });
  } else if (document.activeElement?.matches?.("mark")) {
    document.activeElement.blur();
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

on("reply", (reply) => {
  if (reply.html === undefined) return;
  const text = textElement(reply.message);
  if (!text) return;
  text.innerHTML = reply.html;
  decorate(reply.message);
  tell("drawn", reply.message);
  let key = state.focus;
  // A candidate that was accepted has become a span.
  if (reply.span && key?.[0] === "c" && !fragment(key)) key = `s${reply.span}`;
  if (key && (fragment(key)?.m ?? reply.message) === reply.message) setFocus(key, { scroll: false, take: false });
});
on("queue", () => {
  const touched = new Set(pending().map((one) => one.message));
  for (const id of touched) if (id) decorate(id);
});
on("conflicts", () => setFocus(state.focus, { scroll: false, take: false }));

// Fragments with an action that is not saved yet look as they will be, and wait.
function decorate(messageId) {
  for (const action of pending()) {
    if (action.message !== messageId) continue;
    const key = action.candidate ? `c${action.candidate}` : action.span ? `s${action.span}` : action.unit;
    for (const mark of pieces(key)) {
      mark.classList.add("is-pending");
      if (mark.dataset.tag) mark.dataset.tag = mark.dataset.tag.replace(/ [?✓+]+$/u, " …");
      if (action.do === "accept") mark.classList.replace("is-open", "is-accepted");
      if (action.do === "reject" || action.do === "remove") mark.classList.replace("is-open", "is-rejected");
    }
  }
}

// After a decision: on to the next candidate that waits in this message.
export function decide(act, key) {
  const one = fragment(key);
  if (!one) return;
  const waiting = undecided(one.m).filter((other) => other !== key);
  act(key);
  if (one.kind !== "candidate") return;
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

export function markDone() {
  for (const element of messages()) {
    const unit = state.units[`m${element.dataset.message}`];
    const done = unit && unit.show.length > 0 && !unit.open.length && Object.values(unit.a).some(([value]) => value !== null);
    element.classList.toggle("msg--done", Boolean(done) && !undecided(Number(element.dataset.message)).length);
  }
}
on("reply", markDone);
