// The settling desk by keyboard. Everything here is a form that also works without this module.

import { followPreference, isTyping, keysAreOn, targetOf } from "../common/keyboard.js";
import { afterSending, prepareDesk } from "./desk.js";
import { keep, useKeys } from "./held.js";
import { beginMarking, isMarking, markingKey } from "./marking.js";
import { choose } from "./unit.js";

const form = () => document.getElementById("decision");
const press = (id) => () => document.getElementById(id)?.click();
const ANYWHERE = {
  j: press("next"),
  k: press("previous"),
  s: press("skip"),
  z: () => afterSending(press("last")),
  w: press("names"),
  q: press("quote"),
  "/": () => document.getElementById("reveal")?.requestSubmit(),
  o: () => document.getElementById("reason").focus(),
  "+": beginMarking,
  "=": beginMarking,
  "?": () => document.getElementById("keys").showModal(),
};
const MOVING = new Set(["j", "k"]);

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
  const act = ANYWHERE[event.key];
  if (!act) return false;
  if (MOVING.has(event.key)) act();
  else once(event, act);
  return true;
}

useKeys(handle);
document.addEventListener("keydown", (event) => {
  if (keep(event) || handle(event)) event.preventDefault();
});
followPreference(document.getElementById("single-keys"));
prepareDesk();
