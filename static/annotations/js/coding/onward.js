// Onward: confirm what is proposed here; to what is still open in this conversation; when nothing is, finish it
// and go to the next.

import { toContradiction } from "./contradiction.js";
import { confirm, waiting as proposalsWait } from "./confirming.js";
import { isAnswer } from "./inputs.js";
import { go, leave, markFinished, markOpen, nextAddress } from "./opening.js";
import { condition, push } from "./queue.js";
import { unitOf } from "./question.js";
import { activate, visible } from "./questions.js";
import { base, messages, on, page, say, state, tell, undecided, words } from "./state.js";
import { setCurrent, setFocus, visit } from "./thread.js";
import { valueOf } from "./view.js";

const button = document.getElementById("onward");
const label = button.querySelector("span");
const counter = document.getElementById("open-count");

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
  const proposals = proposalsWait();
  label.textContent = state.finished
    ? words.next
    : proposals ? say(words.confirm, { n: proposals }) : total ? words.nextOpen : words.finish;
}

const openIn = (unit) => (state.units[unit]?.open ?? []).filter((variable) => !isAnswer(valueOf(unit, variable)));

// The first thing that waits, from the current message on and round again; true if there was one.
export function toNextOpen({ asked = true } = {}) {
  const ids = order();
  const place = Math.max(ids.indexOf(state.current), 0);
  for (const id of [...ids.slice(place), ...ids.slice(0, place)]) {
    const candidate = undecided(id)[0];
    if (candidate) return to(id, candidate);
    const span = [...state.spans.values()].find((one) => one.m === id && openIn(`s${one.id}`).length);
    if (span) return to(id, `s${span.id}`, `s${span.id}`, asked);
    if (openIn(`m${id}`).length) return to(id, null, `m${id}`, asked);
  }
  return openIn("c").length ? to(state.current, null, "c", asked) : false;
}

function to(id, fragment, unit, asked) {
  setCurrent(id);
  setFocus(fragment);
  if (unit) {
    const q = visible().find((one) => unitOf(one) === unit && openIn(unit).includes(one.dataset.variable));
    if (q) activate(q, { focus: true });
    if (asked) q?.classList.add("is-missing");
  }
  return true;
}

export function toNextUnit() {
  const next = nextAddress();
  if (next) go(next);
  else leave(page.home);
}

button.addEventListener("click", () => {
  if (state.finished) return toNextUnit();
  if (proposalsWait()) {
    confirm();
    toNextOpen({ asked: false });
    return;
  }
  if (toNextOpen({ asked: false }) || toContradiction()) return;
  tell("finishing");
  push({ do: "finish" });
  markFinished(base);
  if (page.feedback) leave(page.feedback);
  else toNextUnit();
});
counter.addEventListener("click", () => toNextOpen());

// A link to another conversation opens it here; every other one waits until everything is saved.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([target])");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.hash) return;
  document.activeElement?.matches(".q__input") && document.activeElement.blur();
  if (link.id === "skip") {
    event.preventDefault();
    skip();
  } else if (link.matches("[data-address], [data-opens]")) {
    event.preventDefault();
    go(link.getAttribute("href"));
  } else if (condition().count && !condition().trouble) {
    event.preventDefault();
    leave(link.href);
  }
});

// Aside for now: the queue remembers it, and gives it again when the others are done.
function skip() {
  const next = nextAddress();
  if (!state.finished) push({ do: "skip" });
  if (next) go(next);
  else leave(page.list);
}

document.getElementById("reopen").addEventListener("click", () => push({ do: "reopen" }));

on("done", ({ action }) => {
  if (action.do === "reopen") {
    markOpen(base);
    location.reload();
  }
});
on("refused", ({ action }) => {
  if (action.do === "finish" && !toNextOpen()) toContradiction();
});
on("reply", showOpen);
on("view", showOpen);
on("current", showOpen);
on("opened", () => {
  showOpen();
  const ids = order();
  if (!ids.length) return;
  if (state.finished) visit(ids[0]);
  else if (!toNextOpen({ asked: false })) visit(ids.at(-1));
});
