// In a masked study: one message readable for a short while, on request. The server logs it.

import { post } from "./api.js";
import { base, on, state, textElement, words } from "./state.js";
import { setFocus } from "./thread.js";

const button = document.getElementById("reveal");
const shown = new Map(); // message id -> {html, timer}

async function reveal() {
  const id = state.current;
  if (!id || shown.has(id)) return hide(id);
  const text = textElement(id);
  const asked = base;
  const { outcome, reply } = await post(base, "reveal/", { message: id });
  if (asked !== base) return;
  if (outcome !== "done") {
    button.querySelector("span").textContent = words.notShown;
    return;
  }
  const masked = text.innerHTML;
  text.innerHTML = reply.html;
  shown.set(id, { masked, timer: setTimeout(() => hide(id), reply.seconds * 1000) });
  label();
  setFocus(state.focus, { scroll: false, take: false });
}

function hide(id) {
  const entry = shown.get(id);
  if (!entry) return;
  clearTimeout(entry.timer);
  shown.delete(id);
  textElement(id).innerHTML = entry.masked;
  label();
  if (state.current === id) setFocus(state.focus, { scroll: false, take: false });
}

function label() {
  button.querySelector("span").textContent = shown.has(state.current)
    ? words.hide
    : words.reveal;
}

if (button) {
  button.addEventListener("click", reveal);
  on("current", label);
  on("leaving", () => { for (const id of [...shown.keys()]) hide(id); });
  // What the server draws anew is masked again.
  on("drawn", (id) => {
    clearTimeout(shown.get(id)?.timer);
    shown.delete(id);
    label();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const id of [...shown.keys()]) hide(id);
  });
}
