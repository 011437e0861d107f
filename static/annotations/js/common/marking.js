// Marking by keyboard: a selection that walks through a text, by word or by character. Offsets are code
// points of the stored text (see offsets.js).

import { leaves, points, rangeOf, storedText } from "./offsets.js";

// Stretches without white space. Not Intl.Segmenter: it cuts 06-12345678 in two.
export function wordsOf(whole) {
  return [...whole.matchAll(/\S+/gu)].map((match) => {
    const from = points(whole.slice(0, match.index));
    return [from, from + points(match[0])];
  });
}

// Where a boundary may stand: an entity or a character that cannot be seen is taken whole.
export function edgesOf(text) {
  return leaves(text).flatMap((leaf) =>
    leaf.atom ? [leaf.start, leaf.end] : Array.from({ length: leaf.end - leaf.start + 1 }, (_, n) => leaf.start + n),
  );
}

const step = (places, from, forward) =>
  (forward ? places.find((place) => place > from) : places.findLast((place) => place < from)) ?? from;

// The boundary one character, or one word, further on; a word's beginning for the start, its end for the end.
export function boundaryFrom(text, place, { edge, forward, word }) {
  const places = word ? wordsOf(storedText(text)).map((pair) => pair[edge === "start" ? 0 : 1]) : edgesOf(text);
  return step(places, place, forward);
}

// The first word of a text as a place {text, start, end}, or null.
export function firstWord(text) {
  const first = wordsOf(storedText(text))[0];
  return first ? { text, start: first[0], end: first[1] } : null;
}

// Arrow left or right: by word, longer or shorter with Shift; with Alt by character at the end, with Alt and
// Shift at the start. Gives the new place; null if the key is no arrow.
export function walk(place, event) {
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return null;
  const forward = event.key === "ArrowRight";
  return event.altKey ? byCharacter(place, forward, event.shiftKey) : byWord(place, forward, event.shiftKey);
}

function byWord({ text, start, end }, forward, extend) {
  const all = wordsOf(storedText(text));
  const last = all.findLastIndex(([from]) => from < end);
  const first = all.findIndex(([, until]) => until > start);
  if (!extend) {
    const next = (forward ? all[last + 1] : all[first - 1]) ?? [start, end];
    return { text, start: next[0], end: next[1] };
  }
  if (forward) return { text, start, end: all[last][1] > end ? all[last][1] : (all[last + 1]?.[1] ?? end) };
  return { text, start, end: last > 0 && all[last][0] > start ? all[last - 1][1] : end };
}

function byCharacter({ text, start, end }, forward, atStart) {
  if (atStart) return { text, start: Math.min(step(edgesOf(text), start, forward), end - 1), end };
  return { text, start, end: Math.max(step(edgesOf(text), end, forward), start + 1) };
}

export function select({ text, start, end }) {
  const range = rangeOf(text, start, end);
  getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
}
