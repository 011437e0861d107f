// After a unit of a training: Enter goes on, v objects to the first difference.

import { followPreference, isTyping, keysAreOn, targetOf } from "./common/keyboard.js";

followPreference();

document.addEventListener("keydown", (event) => {
  const target = targetOf(event);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return;
  if (event.key === "Enter" && !target.closest("a, button, summary")) {
    event.preventDefault();
    document.getElementById("next").click();
  } else if (event.key === "v" && keysAreOn()) {
    const details = document.querySelector("[data-objection]");
    if (!details) return;
    event.preventDefault();
    details.open = true;
    details.querySelector("textarea").focus();
  }
});
