// Onward: to what is still open in this conversation; when nothing is, finish it and go to the next.

import { isAnswer } from "./inputs.js";
import { condition, push, valueOf } from "./queue.js";
import { activate, unitOf, visible } from "./questions.js";
import { messages, on, say, state, undecided, words } from "./state.js";
import { setCurrent, setFocus, visit } from "./thread.js";

const button = document.getElementById("onward");
const label = button.querySelector("span");
const counter = document.getElementById("open-count");
let leaving = "";

const order = () => messages().map((element) => Number(element.dataset.message));

function waitingCandidates() {
  let count = 0;
  for (const one of state.candidates.values()) count += one.state === "open";
  return count;
}

export function showOpen() {
  const candidates = waitingCandidates();
  const total = state.open + candidates;
  counter.textContent = total ? say(words.open, { n: total }) : words.nothingOpen;
  counter.disabled = !total;
  counter.title = total ? say(words.openLong, { questions: state.open, candidates }) : "";
  label.textContent = state.finished ? words.next : total ? words.nextOpen : words.finish;
}

const openIn = (unit) =>
  (state.units[unit]?.open ?? []).filter((variable) => !isAnswer(valueOf(unit, variable)));

// The first thing that waits, from the current message on and round again; true if there was one.
export function toNextOpen({ asked = true } = {}) {
  const ids = order();
  const place = Math.max(ids.indexOf(state.current), 0);
  for (const id of [...ids.slice(place), ...ids.slice(0, place)]) {
    const candidate = undecided(id)[0];
    if (candidate) return go(id, candidate);
    const span = [...state.spans.values()].find((one) => one.m === id && openIn(`s${one.id}`).length);
    if (span) return go(id, `s${span.id}`, `s${span.id}`, asked);
    if (openIn(`m${id}`).length) return go(id, null, `m${id}`, asked);
  }
  return openIn("c").length ? go(state.current, null, "c", asked) : false;
}

function go(id, fragment, unit, asked) {
  setCurrent(id);
  setFocus(fragment);
  if (unit) {
    const q = visible().find((one) => unitOf(one) === unit && openIn(unit).includes(one.dataset.variable));
    if (q) activate(q, { focus: true });
    if (asked) q?.classList.add("is-missing");
  }
  return true;
}

function leave(url) {
  leaving = url;
  button.disabled = true;
  if (!condition().count) location.assign(url);
}

button.addEventListener("click", () => {
  if (state.finished) return leave(button.dataset.next);
  if (toNextOpen({ asked: false })) return;
  if (!condition().count || !button.disabled) {
    button.disabled = true;
    push({ do: "finish" });
  }
});
counter.addEventListener("click", () => toNextOpen());
// Links wait until everything is saved, if there is something to save.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([target])");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.hash || condition().trouble) return;
  document.activeElement?.matches(".q__input") && document.activeElement.blur();
  if (!condition().count) return;
  event.preventDefault();
  leave(link.href);
});

document.getElementById("reopen")?.addEventListener("click", () => push({ do: "reopen" }));

on("done", ({ action, reply }) => {
  if (action.do === "finish") location.assign(reply.next ? button.dataset.unit.replace("/0/", `/${reply.next}/`) : button.dataset.next);
  if (action.do === "reopen") location.reload();
});
on("queue", () => {
  if (leaving && !condition().count) location.assign(leaving);
});
on("refused", ({ action }) => {
  if (action.do === "finish") {
    button.disabled = false;
    toNextOpen();
  }
});
on("reply", showOpen);
on("queue", showOpen);

export function begin() {
  showOpen();
  const ids = order();
  if (!ids.length) return;
  if (state.finished) visit(ids[0]);
  else if (!toNextOpen({ asked: false })) visit(ids.at(-1));
}
