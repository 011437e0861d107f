// Marking by keyboard in the text of the unit: by word, longer with shift, by character with alt.

import { keysAreOn } from "../common/keyboard.js";
import { firstWord, select, walk } from "../common/marking.js";
import { askType, offer } from "./fragments.js";

const text = document.getElementById("unit-text");
const begins = document.getElementById("fragment-add");
let place = null;

export const isMarking = () => place !== null;

function show() {
  select(place);
  offer(place);
}

// true: the key was used.
export function markingKey(event) {
  if (event.key === "Escape") {
    place = null;
    getSelection().removeAllRanges();
    offer(null);
  } else if (event.key === "Enter") {
    place = null;
    askType();
  } else {
    const next = walk(place, event);
    if (!next) return false;
    place = next;
    show();
  }
  return true;
}

export function prepareMarking() {
  if (!begins || !text) return;
  document.addEventListener("keydown", (event) => {
    const key = event.key === "+" || event.key === "=";
    if (!key || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isMarking()) return;
    if (event.target.matches("textarea, select") || !keysAreOn()) return;
    place = firstWord(text);
    if (!place) return;
    event.preventDefault();
    document.activeElement?.blur();
    show();
  });
}
