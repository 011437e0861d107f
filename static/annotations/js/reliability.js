// Walking through the units behind a figure: j and k, as on the other pages, unless switched off there.

import { followPreference, isTyping, keysAreOn, targetOf } from "./common/keyboard.js";

followPreference();

document.addEventListener("keydown", (event) => {
  if (!keysAreOn() || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(targetOf(event))) return;
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

// Filters work at once; without this module the button does it.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.querySelector("button")?.setAttribute("hidden", "");
  form.addEventListener("change", () => form.requestSubmit());
}
