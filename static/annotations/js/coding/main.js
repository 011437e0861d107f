// The coding page: everything together.

import "./context.js";
import "./keys.js";
import "./reveal.js";
import { isAnswer } from "./inputs.js";
import { toNextOpen } from "./onward.js";
import { begin, prepare } from "./opening.js";
import { activate, activeQuestion, enter, fragmentHasKeys, questionsOf, refresh } from "./questions.js";
import { isBusy, restore, start as startQueue } from "./queue.js";
import { makeUnit, messageElement, on, open, state } from "./state.js";
import "./status.js";
import { setCurrent, setFocus, stepMessage } from "./thread.js";
import { start as startClock } from "./time.js";
import { redo, undo } from "./undo.js";
import { proposalOf, valueOf } from "./view.js";
import { dataOf } from "./fetching.js";

// The first question of a message that has neither answer nor proposal becomes the active one.
function activateFirst() {
  const asked = questionsOf("message").filter((q) => !q.hidden);
  const unit = `m${state.current}`;
  const isFree = ({ dataset: { variable } }) => !isAnswer(valueOf(unit, variable)) && proposalOf(unit, variable) === null;
  activate(asked.find(isFree) ?? asked.find((q) => q.matches(".is-proposed")) ?? asked[0] ?? null);
}

on("current", () => {
  refresh();
  activateFirst();
});
on("focus", ({ taken, left }) => {
  if (taken && !fragmentHasKeys()) activate(null);
  refresh({ level: "span" });
  if (left && !activeQuestion()) activateFirst();
  showKeys();
  keepFocus();
});
on("active", () => {
  showKeys();
  keepFocus();
});
on("proposed", () => {
  refresh();
  activateFirst();
});
on("complete", () => toNextOpen({ asked: false }));

// A key is drawn as a key only where pressing it does something.
function showKeys() {
  document.body.classList.toggle("is-spanning", fragmentHasKeys());
}

// The keyboard is never nowhere: what had it and is gone leaves it to the message.
let checking = false;
function keepFocus() {
  if (checking) return;
  checking = true;
  queueMicrotask(() => {
    checking = false;
    if (document.activeElement === document.body) messageElement(state.current)?.focus({ preventScroll: true });
  });
}

// Undone or redone: there, with the keys at the question it was.
on("turned", ({ message, unit, variable }) => {
  if (message) setCurrent(message);
  else if (unit?.[0] === "m") setCurrent(Number(unit.slice(1)));
  if (unit?.[0] === "s") setFocus(unit);
  const q = unit && document.getElementById(`q-${variable}`);
  if (q && !q.hidden) enter(q);
});
on("view", () => {
  if (state.current) refresh();
});

document.querySelector(".thread").addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-span]");
  if (mark && getSelection().isCollapsed) {
    setFocus(mark.dataset.span, { scroll: false });
    return;
  }
  const message = event.target.closest(".msg[data-message]");
  if (message && !event.target.closest("button, a, .span-bar, summary") && getSelection().isCollapsed) {
    const id = Number(message.dataset.message);
    if (id === state.current && state.focus) setFocus(null);
    else setCurrent(id, { scroll: false });
  }
});
document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "next") stepMessage(1);
  else if (act === "previous") stepMessage(-1);
  else if (act === "undo") undo();
  else if (act === "redo") redo();
  else if (act === "onward") document.getElementById("onward").click();
});

open(makeUnit(location.pathname, dataOf(document), document.querySelector(".thread__list")), isBusy);
restore();
prepare();
begin();
startQueue();
startClock();
