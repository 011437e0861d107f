// A list of units: j and k go down and up, a key of a link in the row that has the focus opens that link.

import { followPreference, isTyping, keysAreOn, targetOf } from "./common/keyboard.js";

const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
const current = () => rows.findIndex((row) => row.contains(document.activeElement));

function move(step) {
  const to = Math.min(rows.length - 1, Math.max(0, current() + step));
  rows[to]?.querySelector("a")?.focus();
}

followPreference();
document.addEventListener("keydown", (event) => {
  if (!keysAreOn() || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(targetOf(event))) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    move(event.key === "j" ? 1 : -1);
    return;
  }
  const link = rows[Math.max(0, current())]?.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
