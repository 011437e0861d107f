// Marking by keyboard: a selection that walks through the current message, by word or by character.

import { leaves, points, rangeOf, storedText } from "./offsets.js";
import { state, textElement, words } from "./state.js";
import { openFor } from "./typemenu.js";

const hint = document.getElementById("caret-hint");
let text = null;
let start = 0;
let end = 0;

export const isMarking = () => text !== null;

// Stretches without white space. Not Intl.Segmenter: it cuts 06-12345678 in two.
function wordsOf(whole) {
  return [...whole.matchAll(/\S+/gu)].map((match) => {
    const from = points(whole.slice(0, match.index));
    return [from, from + points(match[0])];
  });
}

export function begin() {
  const found = state.current && textElement(state.current);
  if (!found?.dataset.length || state.finished) return;
  const first = wordsOf(storedText(found))[0];
  if (!first) return;
  text = found;
  [start, end] = first;
  hint.hidden = false;
  show();
}

export function stop() {
  text = null;
  hint.hidden = true;
  getSelection().removeAllRanges();
}

function show() {
  const range = rangeOf(text, start, end);
  getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  document.getElementById("caret-said").textContent = `${words.selected} ${getSelection().toString()}`;
}

// true: the key was used.
export function key(event) {
  const all = wordsOf(storedText(text));
  if (event.key === "Escape") stop();
  else if (event.key === "Enter") {
    const target = { message: state.current, start, end };
    text = null;
    hint.hidden = true;
    openFor(target);
  } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const forward = event.key === "ArrowRight";
    if (event.altKey) byCharacter(forward, event.shiftKey);
    else byWord(all, forward, event.shiftKey);
    show();
  } else return false;
  return true;
}

function byWord(all, forward, extend) {
  const last = all.findLastIndex(([from]) => from < end);
  const first = all.findIndex(([, until]) => until > start);
  if (extend) {
    if (forward) end = all[last][1] > end ? all[last][1] : (all[last + 1]?.[1] ?? end);
    else end = all[last][0] > start ? all[last - 1][1] : end;
  } else {
    const next = forward ? all[last + 1] : all[first - 1];
    if (next) [start, end] = next;
  }
}

// Alt: one character at the end; with Shift at the beginning. Atoms are taken whole.
function byCharacter(forward, atStart) {
  const edges = leaves(text).flatMap((leaf) =>
    leaf.atom ? [leaf.start, leaf.end] : Array.from({ length: leaf.end - leaf.start + 1 }, (_, n) => leaf.start + n),
  );
  const to = (place) => (forward ? edges.find((edge) => edge > place) : edges.findLast((edge) => edge < place)) ?? place;
  if (atStart) start = Math.min(to(start), end - 1);
  else end = Math.max(to(end), start + 1);
}
