// The panels: which questions are asked, what was answered, which one is active.

import { conflictOf, forget } from "./conflict.js";
import { confirmBelow, confirmOne } from "./confirming.js";
import { isAnswer, read, same, settleExclusive } from "./inputs.js";
import { draw, unitOf } from "./question.js";
import { fragment, on, state, tell, words } from "./state.js";
import { setFocus } from "./thread.js";
import { perform } from "./undo.js";
import { proposalOf, proposedIn, valueOf } from "./view.js";

const panel = document.getElementById("questions");
let active = null; // the question element

const parts = () => [...panel.querySelectorAll("[data-level]")];

export const questionsOf = (level) => [...panel.querySelectorAll(`[data-level="${level}"] .q`)];
export const visible = () => [...panel.querySelectorAll(".q")].filter((q) => q.offsetParent !== null);
export const activeQuestion = () => active;

const isAbout = (q, key) => Boolean(q && key) && unitOf(q) === key;
// Who has the keys: the fragment in focus, unless a question about it is being answered.
export const fragmentHasKeys = () => state.focus !== null && !isAbout(active, state.focus);

// A choice that is being clicked must not be written over: what follows from the fragment in focus is its
// own level and nothing else.
export function refresh({ level = "" } = {}) {
  commit();
  for (const part of parts().filter((one) => !level || one.dataset.level === level)) {
    let shown = 0;
    for (const q of part.querySelectorAll(".q")) {
      q.hidden = !draw(q);
      shown += !q.hidden;
    }
    for (const group of part.querySelectorAll(".q-part")) group.hidden = !group.querySelector(".q:not([hidden])");
    part.hidden = !shown;
  }
  if (active && active.offsetParent === null) activate(null);
}

export function takeProposal(q) {
  const line = q?.querySelector(".q__propose");
  if (!line || line.hidden) return false;
  const unit = unitOf(q);
  const { variable } = q.dataset;
  if (proposalOf(unit, variable) !== null) {
    confirmBelow(unit, variable);
    confirmOne(unit, variable);
  } else perform({ do: "answer", unit, variable, value: state.units[unit].propose[variable], origin: "confirmed" });
  refresh();
  onward(q);
  return true;
}

export function activate(q, { focus = false } = {}) {
  if (active && active !== q) active.classList.remove("is-active");
  active = q;
  tell("active");
  if (!q) return;
  q.classList.add("is-active");
  if (focus) {
    const target = q.querySelector("input:checked") ?? q.querySelector("input, textarea");
    target?.focus({ preventScroll: true });
  }
  q.scrollIntoView({ block: "nearest" });
}

// Into a question: a fragment that it is not about lets go of the keys.
export function enter(q, options) {
  if (state.focus && !isAbout(q, state.focus)) setFocus(null);
  activate(q, options);
}

// A question's value belongs to the unit it was shown for, also when another one is on the screen by now.
export function save(q) {
  const { unit, variable } = q.dataset;
  if (!unit || !state.units[unit] || state.finished) return;
  const value = read(q);
  const before = valueOf(unit, variable);
  if (same(value, before) || (!isAnswer(value) && before === null)) return;
  q.querySelector(".q__error").hidden = true;
  const proposed = proposalOf(unit, variable);
  const conflict = conflictOf(unit, variable);
  forget(`${unit} ${variable}`);
  if (isAnswer(value)) confirmBelow(unit, variable);
  const action = { do: "answer", unit, variable, value };
  if (proposed !== null) action.origin = same(value, proposed) ? "confirmed" : "changed";
  if (unit[0] === "s") action.message = fragment(unit).m;
  if (conflict) action.revision = conflict.revision;
  perform(action);
  refresh();
}

// By key or by click on a choice; the choice that was made is taken back by making it again.
export function choose(q, input, { go = false } = {}) {
  if (state.finished) return;
  if (input.type === "radio" && input.value === String(valueOf(unitOf(q), q.dataset.variable))) {
    input.checked = false;
    go = false;
  } else {
    input.checked = input.type === "radio" || !input.checked;
  }
  settle(q, input);
  save(q);
  if (go && q.dataset.kind === "radio") onward(q);
}

function settle(q, input) {
  settleExclusive(q, input);
  if (q.dataset.kind === "number" && input.type === "checkbox" && input.checked) q.querySelector(".q__input").value = "";
}

// Answered: to the next open question of the same unit; if there is none and nothing waits to be confirmed,
// to what is open elsewhere.
function onward(q) {
  const unit = unitOf(q);
  if (!unit) return;
  const all = visible().filter((other) => unitOf(other) === unit);
  const isOpen = ({ dataset: { variable } }) =>
    state.units[unit].open.includes(variable) && !isAnswer(valueOf(unit, variable)) && proposalOf(unit, variable) === null;
  const next = all.slice(all.indexOf(q) + 1).find(isOpen) ?? all.find(isOpen);
  if (next) activate(next, { focus: panel.contains(document.activeElement) });
  else if (proposedIn(unit).length) activate(all.find((other) => other.matches(".is-proposed")) ?? active);
  else if (!state.units[unit].open.length) tell("complete", unit);
}

export function step(by) {
  const all = visible();
  if (!all.length) return;
  // Out of a fragment: first to what is asked about it, else to the question that waits.
  const waiting = fragmentHasKeys() ? (all.find((q) => isAbout(q, state.focus)) ?? active) : null;
  const place = all.indexOf(active);
  const next = all[place < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(place + by, 0), all.length - 1)];
  enter(waiting ?? next, { focus: true });
}

// A question opens when the button is let go, not when it is pressed: what moves under the pointer in
// between would lose the click. One that has receded to its answer only opens.
let receded = null;
panel.addEventListener("mousedown", (event) => {
  const q = event.target.closest(".q");
  receded = q && q !== active && q.matches(".is-answered:not(:focus-within)") ? q : null;
  if (event.target.closest(".choice")) event.preventDefault();
});
panel.addEventListener("click", (event) => {
  const q = event.target.closest(".q");
  if (!q) return;
  const opens = q === receded && event.detail > 0;
  receded = null;
  // Letting go of a fragment may save its field and write all answers anew; the click stays what it was.
  const { target } = event;
  const { checked } = target;
  enter(q);
  if (target.matches(".choice input")) target.checked = checked;
  // The second click of a double click means what the first one meant.
  if ((opens || event.detail > 1) && event.target.closest(".choice")) {
    event.preventDefault();
    return;
  }
  if (event.target.matches(".choice input")) event.target.focus({ preventScroll: true });
  if (event.target.closest(".q__propose button")) takeProposal(q);
  const input = event.target;
  if (input.type === "radio" && input.matches("input")) {
    // The browser has checked it already; a second click takes the answer back.
    if (input.value === String(valueOf(unitOf(q), q.dataset.variable))) input.checked = false;
    save(q);
  }
});
panel.addEventListener("focusin", (event) => {
  const q = event.target.closest(".q");
  if (q) enter(q);
});

// What is being typed is not saved yet, and the screen says so. Text is saved at every pause; every field is
// saved before another unit comes, and when it is left.
const PAUSE = 800;
let pause = 0;
let typed = null; // the question in which something stands that is not saved

function isTyped(q) {
  typed = q;
  tell("typing", q !== null);
}

export function commit() {
  clearTimeout(pause);
  const q = typed;
  if (!q) return;
  isTyped(null);
  save(q);
}
panel.addEventListener("input", (event) => {
  if (!event.target.matches(".q__input")) return;
  const q = event.target.closest(".q");
  clearTimeout(pause);
  isTyped(same(read(q), valueOf(q.dataset.unit, q.dataset.variable)) ? null : q);
  if (typed && q.dataset.kind === "text") pause = setTimeout(commit, PAUSE);
});
panel.addEventListener("change", (event) => {
  const q = event.target.closest(".q");
  if (!q || event.target.type === "radio") return;
  clearTimeout(pause);
  isTyped(null);
  settle(q, event.target);
  if (event.target.matches(".q__input") && event.target.value.trim()) {
    for (const box of q.querySelectorAll("input[type=checkbox]")) box.checked = false;
  }
  save(q);
});
on("leaving", () => {
  commit();
  activate(null);
});
addEventListener("pagehide", commit);

// The fragment stays the one that is asked about: nothing that is being typed about it lets go.
on("renamed", ({ from, to }) => {
  for (const q of panel.querySelectorAll(`.q[data-unit="s${from}"]`)) q.dataset.unit = `s${to}`;
});
on("reply", () => refresh());
on("conflicts", () => refresh());
for (const name of ["refused", "failed"]) {
  on(name, ({ action, reply }) => {
    if (action.do !== "answer") return;
    const q = panel.querySelector(`.q[data-variable="${CSS.escape(action.variable)}"]`);
    if (q && unitOf(q) === action.unit) {
      const error = q.querySelector(".q__error");
      error.textContent = reply.problem ?? words.notSaved;
      error.hidden = false;
      activate(q);
    }
  });
}
