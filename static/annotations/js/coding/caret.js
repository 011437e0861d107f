// Marking by keyboard: a selection that walks through the current message.

import { firstWord, select, walk } from "../common/marking.js";
import { on, state, textElement, words } from "./state.js";
import { openFor } from "./typemenu.js";

const hint = document.getElementById("caret-hint");
let place = null; // {text, start, end}

export const isMarking = () => place !== null;

export function begin() {
  const text = state.current && textElement(state.current);
  if (!text?.dataset.length || state.finished) return;
  place = firstWord(text);
  if (!place) return;
  hint.hidden = false;
  show();
}

export function stop() {
  place = null;
  hint.hidden = true;
  getSelection().removeAllRanges();
}

function show() {
  select(place);
  document.getElementById("caret-said").textContent = `${words.selected} ${getSelection().toString()}`;
}

// true: the key was used.
export function key(event) {
  if (event.key === "Escape") stop();
  else if (event.key === "Enter") {
    const { start, end } = place;
    place = null;
    hint.hidden = true;
    openFor({ message: state.current, start, end });
  } else {
    const next = walk(place, event);
    if (!next) return false;
    place = next;
    show();
  }
  return true;
}

on("leaving", () => isMarking() && stop());
