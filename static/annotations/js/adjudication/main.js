// The settling desk by keyboard. Everything here is a form that also works without this module.

import { followPreference, isTyping, keysAreOn, targetOf } from "../common/keyboard.js";
import { afterSending, prepareDesk } from "./desk.js";
import { keep, useKeys } from "./held.js";
import { beginMarking, isMarking, markingKey } from "./marking.js";
import { choose } from "./unit.js";

const form = () => document.getElementById("decision");
const press = (id) => () => document.getElementById(id)?.click();
// Key -> {name, moves}: the keys of the desk, with a person's own (annotations/coding/commands.py).
const COMMANDS = JSON.parse(document.getElementById("desk-commands").textContent);
const ACTS = {
  nextMessage: press("next"),
  previousMessage: press("previous"),
  skip: press("skip"),
  undo: () => afterSending(press("last")),
  deskNames: press("names"),
  reveal: () => document.getElementById("reveal")?.requestSubmit(),
  deskQuote: press("quote"),
  deskReason: () => document.getElementById("reason").focus(),
  mark: beginMarking,
  help: () => document.getElementById("keys").showModal(),
};

// true: the key was used.
function handle(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return false;
  if (isMarking() && markingKey(event)) return true;
  const target = targetOf(event);
  const withControl = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && withControl) return once(event, press("save"));
  if (withControl || event.altKey) return false;
  if (isTyping(target)) {
    if (event.key !== "Escape") return false;
    form().focus();
    return true;
  }
  if (target.closest(".menu, details form")) return false;
  if (event.key === "Enter") {
    if (target.closest("a, button, summary")) return false;
    return once(event, press("save"));
  }
  return keysAreOn() && single(event);
}

// A key that is held down decides nothing; it only moves.
function once(event, act) {
  if (!event.repeat) act();
  return true;
}

function single(event) {
  const input = form().querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (input) return once(event, () => choose(input));
  const command = COMMANDS[event.key];
  if (!command) return false;
  if (command.moves) ACTS[command.name]();
  else once(event, ACTS[command.name]);
  return true;
}

useKeys(handle);
document.addEventListener("keydown", (event) => {
  if (keep(event) || handle(event)) event.preventDefault();
});
followPreference(document.getElementById("single-keys"));
prepareDesk();
