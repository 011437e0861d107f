// The coding page: everything together.

import "./context.js";
import "./keys.js";
import "./reveal.js";
import { begin } from "./onward.js";
import { start as startQueue, valueOf } from "./queue.js";
import { activate, activeQuestion, enter, fragmentHasKeys, questionsOf, refresh } from "./questions.js";
import { show } from "./status.js";
import { on, state } from "./state.js";
import { isAnswer } from "./inputs.js";
import { markDone, setCurrent, setFocus, stepMessage } from "./thread.js";
import { start as startClock } from "./time.js";
import { redo, undo } from "./undo.js";

// The first question of a message that has no answer becomes the active one.
function activateFirst() {
  const asked = questionsOf("message").filter((q) => !q.hidden);
  const unit = `m${state.current}`;
  activate(asked.find((q) => !isAnswer(valueOf(unit, q.dataset.variable))) ?? asked[0] ?? null);
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
});
on("active", showKeys);
// A key is drawn as a key only where pressing it does something.
function showKeys() {
  document.body.classList.toggle("is-spanning", fragmentHasKeys());
}
// Undone or redone: there, with the keys at the question it was.
on("turned", ({ message, unit, variable }) => {
  if (message) setCurrent(message);
  else if (unit?.[0] === "m") setCurrent(Number(unit.slice(1)));
  if (unit?.[0] === "s") setFocus(unit);
  const q = unit && document.getElementById(`q-${variable}`);
  if (q && !q.hidden) enter(q);
});

document.querySelector(".thread").addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-span]");
  if (mark) {
    setFocus(mark.dataset.span, { scroll: false });
    return;
  }
  const message = event.target.closest(".msg[data-message]");
  if (message && !event.target.closest("button, a, .span-bar") && getSelection().isCollapsed) {
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
});

refresh();
markDone();
begin();
show();
startQueue();
startClock();
