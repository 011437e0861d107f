// Single keys. They never fire while somebody types, and can be switched off.

import { followPreference, isTyping, keysAreOn } from "../common/keyboard.js";
import * as caret from "./caret.js";
import { pick } from "./choosing.js";
import { activate, activeQuestion, fragmentHasKeys, step as stepQuestion, takeProposal } from "./questions.js";
import { accept, move, reject } from "./spans.js";
import { fragmentsOf, state } from "./state.js";
import { decide, setFocus, stepMessage } from "./thread.js";
import * as typemenu from "./typemenu.js";
import { redo, undo } from "./undo.js";

const help = document.getElementById("keys");

export function stepFragment(by) {
  const all = fragmentsOf(state.current);
  if (!all.length) return;
  const place = all.indexOf(state.focus);
  setFocus(all[place < 0 ? (by > 0 ? 0 : all.length - 1) : (place + by + all.length) % all.length]);
}

const ON_FRAGMENT = {
  a: () => decide(accept, state.focus),
  x: () => decide(reject, state.focus),
  t: () => typemenu.openForFocus(),
  "[": () => move(state.focus, "start", -1),
  "{": () => move(state.focus, "start", 1),
  "]": () => move(state.focus, "end", 1),
  "}": () => move(state.focus, "end", -1),
  Delete: () => decide(reject, state.focus),
};

const press = (id) => () => document.getElementById(id)?.click();
const ANYWHERE = {
  j: () => stepMessage(1),
  k: () => stepMessage(-1),
  ".": () => stepFragment(1),
  ",": () => stepFragment(-1),
  "+": () => typemenu.openForSelection() || caret.begin(),
  "=": () => takeProposal(activeQuestion()),
  "/": press("reveal"),
  s: press("skip"),
  z: undo,
  Z: redo,
  "?": () => help.showModal(),
  ArrowDown: () => stepQuestion(1),
  ArrowUp: () => stepQuestion(-1),
  Escape: leave,
};

// One step back: from a question about a fragment to the fragment, from there to the message's questions.
function leave() {
  document.activeElement?.blur();
  if (state.focus) setFocus(fragmentHasKeys() ? null : state.focus);
  else activate(null);
}

function handle(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return false;
  if (typemenu.isOpen()) return !event.ctrlKey && !event.metaKey && typemenu.key(event);
  if (caret.isMarking() && caret.key(event)) return true;
  const target = event.target;
  if (isTyping(target)) {
    if (event.key !== "Escape" && !(event.key === "Enter" && target.matches("input.q__input"))) return false;
    target.blur();
    return true;
  }
  if (event.ctrlKey || event.metaKey) return !event.altKey && turns(event);
  if (event.altKey) return false;
  if (target.closest(".menu, .thread__form")) return false;
  return single(event, target);
}

// Ctrl Z; Ctrl Shift Z and Ctrl Y.
function turns(event) {
  const key = event.key.toLowerCase();
  if (key !== "z" && (key !== "y" || event.shiftKey)) return false;
  if (key === "y" || event.shiftKey) redo();
  else undo();
  return true;
}

function single(event, target) {
  const named = event.key.length > 1;
  if (!keysAreOn() && !named && event.key !== " ") return false;
  if (event.key === "Enter") {
    if (target.closest("button, a, summary")) return false;
    document.getElementById("onward").click();
    return true;
  }
  const act = (fragmentHasKeys() && ON_FRAGMENT[event.key]) || (named || !pick(event) ? ANYWHERE[event.key] : () => {});
  if (act) {
    act();
    return true;
  }
  return named && pick(event);
}

document.addEventListener("keydown", (event) => {
  if (handle(event)) event.preventDefault();
});
document.addEventListener("mouseup", (event) => {
  if (event.target.closest?.(".msg__text") && !caret.isMarking()) setTimeout(typemenu.openForSelection);
});
followPreference(document.getElementById("single-keys"));
