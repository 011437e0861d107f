// Two versions of one answer: both are shown, the coder decides.

import { push } from "./queue.js";
import { fragment, on, say, state, tell, words } from "./state.js";

export const conflicts = new Map(); // "unit variable" or "fragment" -> {action, current, revision}

on("stale", ({ action, reply }) => {
  const key = action.do === "answer" ? `${action.unit} ${action.variable}` : `span ${action.span ?? action.candidate}`;
  conflicts.set(key, { action, current: reply.current, revision: reply.revision });
  tell("conflicts");
});

on("leaving", () => conflicts.clear());

export function conflictOf(unit, variable) {
  return conflicts.get(`${unit} ${variable}`);
}

export function spanConflict(key) {
  return conflicts.get(`span ${key.slice(1)}`);
}

export function forget(key) {
  if (conflicts.delete(key)) tell("conflicts");
}

// The box with both versions; `name` turns a value into the words on screen.
export function box(key, name) {
  const { action, current, revision } = conflicts.get(key);
  const element = document.createElement("div");
  element.className = "conflict";
  element.setAttribute("role", "alert");
  const sentence = document.createElement("p");
  sentence.textContent = words.conflictLong;
  const versions = document.createElement("dl");
  versions.className = "conflict__versions";
  versions.append(
    ...row(words.mine, name(action.value), words.keepMine, () => {
      conflicts.delete(key);
      push({ ...action, revision, follows: false });
      tell("conflicts");
    }),
    ...row(words.theirs, name(current), words.takeTheirs, () => forget(key)),
  );
  element.append(sentence, versions);
  return element;
}

function row(title, value, label, act) {
  const term = document.createElement("dt");
  term.textContent = title;
  const given = document.createElement("dd");
  given.textContent = value;
  const cell = document.createElement("dd");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--small";
  button.textContent = label;
  button.addEventListener("click", act);
  cell.append(button);
  return [term, given, cell];
}

// Boundaries that were moved elsewhere: the words for the bar under the message.
export function spanWords(conflict) {
  if (conflict.current === null) return words.spanGone;
  return say(words.spanMoved, { start: conflict.current.start, end: conflict.current.end });
}

export function keepMySpan(key) {
  const conflict = conflicts.get(key);
  conflicts.delete(key);
  const { action } = conflict;
  if (conflict.current === null) {
    if (action.do === "move") push({ do: "add", message: action.message, start: action.start, end: action.end, type: action.type });
  } else if (fragment(`s${action.span}`) || state.spans.has(action.span)) {
    push({ ...action, revision: conflict.revision });
  }
  tell("conflicts");
}
