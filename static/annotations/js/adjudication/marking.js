// Marking by keyboard in the text of the unit: by word, longer with shift, by character with alt.

import { firstWord, select, walk } from "../common/marking.js";
import { askType, offer } from "./fragments.js";

let place = null;

export const isMarking = () => place !== null && place.text.isConnected;

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

export function beginMarking() {
  const text = document.getElementById("unit-text");
  if (!text || !document.getElementById("fragments")) return;
  place = firstWord(text);
  if (!place) return;
  document.activeElement?.blur();
  show();
}
