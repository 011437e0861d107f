// The settling desk: choosing by key, "another value", marking a fragment nobody marked.
// Everything here is a form that also works without this module.

import { followPreference, isTyping, keysAreOn } from "../common/keyboard.js";
import { prepareFragments } from "./fragments.js";
import { isMarking, markingKey, prepareMarking } from "./marking.js";

const form = document.getElementById("decision");
const help = document.getElementById("keys");
const other = document.getElementById("other");
const otherVerdict = document.getElementById("verdict-other");
const reason = document.getElementById("reason");

function showOther() {
  other.hidden = !otherVerdict.checked;
}

form.addEventListener("change", showOther);

function choose(input) {
  if (input.type === "checkbox") input.checked = !input.checked;
  else input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
  if (input === otherVerdict) other.querySelector("input, button, select")?.focus();
}

const press = (id) => () => document.getElementById(id)?.click();
const ANYWHERE = {
  j: press("next"),
  k: press("previous"),
  s: press("skip"),
  z: press("last"),
  w: press("names"),
  "/": () => document.getElementById("reveal")?.requestSubmit(),
  o: () => reason.focus(),
  "?": () => help.showModal(),
};

// true: the key was used.
function handle(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return false;
  if (isMarking() && markingKey(event)) return true;
  const target = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    press("save")();
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (isTyping(target)) {
    if (event.key !== "Escape") return false;
    form.focus();
    return true;
  }
  if (target.closest(".menu, details form")) return false;
  if (event.key === "Enter") {
    if (target.closest("a, button, summary")) return false;
    press("save")();
    return true;
  }
  if (!keysAreOn()) return false;
  const input = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (input) {
    choose(input);
    return true;
  }
  if (!ANYWHERE[event.key]) return false;
  ANYWHERE[event.key]();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (handle(event)) event.preventDefault();
});
followPreference(document.getElementById("single-keys"));
prepareFragments();
prepareMarking();
showOther();
document.querySelector(".queue a[aria-current]")?.scrollIntoView({ block: "nearest" });
document.getElementById("unit")?.scrollIntoView({ block: "nearest" });
if (!location.hash) (form.querySelector("[name=verdict]:checked") ?? form).focus({ preventScroll: true });
