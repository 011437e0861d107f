// Single keys. They never fire while somebody types, and can be switched off. A key that is held moves on, and
// decides nothing; Caps Lock is not Shift; what is pressed while a conversation is being opened comes after.

import { followPreference, isTyping, keysAreOn, targetOf } from "../common/keyboard.js";
import { askSomething } from "./asking.js";
import * as caret from "./caret.js";
import { pick } from "./choosing.js";
import { commandFor } from "./commands.js";
import { proposeNothing } from "./confirming.js";
import { keepContradiction } from "./contradiction.js";
import { isOpening } from "./opening.js";
import { activate, activeQuestion, fragmentHasKeys, step as stepQuestion, takeProposal } from "./questions.js";
import { accept, move, reject } from "./spans.js";
import { fragmentsOf, messages, on, state } from "./state.js";
import { decide, setFocus, stepMessage, visit } from "./thread.js";
import * as typemenu from "./typemenu.js";
import { redo, undo } from "./undo.js";

const help = document.getElementById("keys");

function stepFragment(by) {
  const all = fragmentsOf(state.current);
  if (!all.length) return;
  const place = all.indexOf(state.focus);
  setFocus(all[place < 0 ? (by > 0 ? 0 : all.length - 1) : (place + by + all.length) % all.length]);
}

const press = (id) => () => document.getElementById(id)?.click();
const boundary = (edge, by) => ({ word = false } = {}) => move(state.focus, edge, by, { word });
const visitAt = (place) => () => {
  const element = messages().at(place);
  if (element) visit(Number(element.dataset.message));
};

// What each command of commands.js does.
const ACTS = {
  accept: () => decide(accept, state.focus),
  reject: () => decide(reject, state.focus),
  retype: () => typemenu.openForFocus(),
  startEarlier: boundary("start", -1),
  startLater: boundary("start", 1),
  endEarlier: boundary("end", -1),
  endLater: boundary("end", 1),
  nextMessage: () => stepMessage(1),
  previousMessage: () => stepMessage(-1),
  firstMessage: visitAt(0),
  lastMessage: visitAt(-1),
  nextFragment: () => stepFragment(1),
  previousFragment: () => stepFragment(-1),
  mark: () => typemenu.openForSelection() || caret.begin(),
  takeProposal: () => keepContradiction() || takeProposal(activeQuestion()),
  restNothing: proposeNothing,
  reveal: press("reveal"),
  skip: press("skip"),
  previousConversation: press("previous-conversation"),
  undo,
  redo,
  ask: askSomething,
  help: () => help.showModal(),
  nextQuestion: () => stepQuestion(1),
  previousQuestion: () => stepQuestion(-1),
  leave,
};

// One step back: from a question about a fragment to the fragment, from there to the message's questions.
function leave() {
  document.activeElement?.blur();
  if (state.focus) setFocus(fragmentHasKeys() ? null : state.focus);
  else activate(null);
}

// Caps Lock turns letters round; only Shift may.
function keyOf(event) {
  if (event.key.length > 1 || !event.getModifierState?.("CapsLock")) return event.key;
  return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
}

// A key that AltGr makes arrives with Ctrl and Alt.
const isPlain = (event) => (!event.ctrlKey && !event.metaKey && !event.altKey) || event.getModifierState?.("AltGraph");

function handle(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return false;
  if (typemenu.isOpen()) return !event.ctrlKey && !event.metaKey && typemenu.key(event);
  if (caret.isMarking() && caret.key(event)) return true;
  const target = targetOf(event);
  if (isTyping(target)) {
    if (event.key !== "Escape" && !(event.key === "Enter" && target.matches("input.q__input"))) return false;
    target.blur();
    return true;
  }
  if (!isPlain(event)) return (event.ctrlKey || event.metaKey) && !event.altKey && turns(event);
  if (target.closest(".menu, .thread__form")) return false;
  return single(event, target);
}

// Ctrl Z; Ctrl Shift Z and Ctrl Y.
function turns(event) {
  const key = event.key.toLowerCase();
  if (key !== "z" && (key !== "y" || event.shiftKey)) return false;
  if (event.repeat) return true;
  if (key === "y" || event.shiftKey) redo();
  else undo();
  return true;
}

function single(event, target) {
  const key = keyOf(event);
  const named = key.length > 1;
  if (!keysAreOn() && !named && key !== " ") return false;
  if (key === "Enter") {
    if (target.closest("button, a, summary")) return false;
    if (!event.repeat) document.getElementById("onward").click();
    return true;
  }
  const onFragment = fragmentHasKeys() ? commandFor(key, "fragment") : null;
  const answers = !onFragment && !named && activeQuestion() && !fragmentHasKeys();
  if (answers && pick({ key, repeat: event.repeat })) return true;
  const command = onFragment ?? commandFor(key, "page");
  if (command) {
    if (!event.repeat || command.moves) ACTS[command.name](command);
    return true;
  }
  return named && pick({ key, repeat: event.repeat });
}

const kept = [];
document.addEventListener("keydown", (event) => {
  if (isOpening()) {
    const { key, shiftKey, ctrlKey, metaKey, altKey, repeat } = event;
    if (!repeat && !(ctrlKey && key.length > 1)) kept.push({ key, shiftKey, ctrlKey, metaKey, altKey, repeat: false });
    event.preventDefault();
    return;
  }
  if (handle(event)) event.preventDefault();
});
on("ready", () => {
  const pressed = kept.splice(0);
  for (const [place, event] of pressed.entries()) {
    if (isOpening()) {
      kept.push(...pressed.slice(place));
      return;
    }
    handle({ ...event, target: document.activeElement ?? document.body });
  }
});
// A selection that begins in a message counts wherever the button is let go.
let selecting = false;
document.addEventListener("mousedown", (event) => {
  selecting = Boolean(event.target.closest?.(".msg__text"));
});
document.addEventListener("mouseup", (event) => {
  if ((selecting || event.target.closest?.(".msg__text")) && !caret.isMarking()) setTimeout(typemenu.openForSelection);
  selecting = false;
});
followPreference(document.getElementById("single-keys"));
