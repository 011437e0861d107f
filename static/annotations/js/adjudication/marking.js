// Marking by keyboard in the text of the unit: by word, longer with shift, by character with alt.

import { leaves, points, rangeOf, storedText } from "../coding/offsets.js";
import { askType, offer } from "./fragments.js";

const text = document.getElementById("unit-text");
const begins = document.getElementById("fragment-add");
let place = null;

export const isMarking = () => place !== null;

// Stretches without white space; Intl.Segmenter would cut 06-12345678 in two.
function words() {
  const whole = storedText(text);
  return [...whole.matchAll(/\S+/gu)].map((match) => {
    const start = points(whole.slice(0, match.index));
    return [start, start + points(match[0])];
  });
}

// Where a boundary may stand: an entity or an unseen character is taken whole.
const edges = () =>
  leaves(text).flatMap((leaf) =>
    leaf.atom ? [leaf.start, leaf.end] : Array.from({ length: leaf.end - leaf.start + 1 }, (_, n) => leaf.start + n),
  );

function show() {
  const range = rangeOf(text, ...place);
  getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  offer({ text, start: place[0], end: place[1] });
}

function byWord(forward, extend) {
  const all = words();
  const last = all.findLastIndex(([start]) => start < place[1]);
  const first = all.findIndex(([, end]) => end > place[0]);
  if (!extend) place = (forward ? all[last + 1] : all[first - 1]) ?? place;
  else if (forward) place = [place[0], all[last][1] > place[1] ? all[last][1] : (all[last + 1] ?? all[last])[1]];
  else if (last > first) place = [place[0], all[last - 1][1]];
}

function byCharacter(forward, atStart) {
  const from = atStart ? place[0] : place[1];
  const to = forward ? edges().find((edge) => edge > from) : edges().findLast((edge) => edge < from);
  const next = atStart ? [to ?? from, place[1]] : [place[0], to ?? from];
  if (next[0] < next[1]) place = next;
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
  } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    if (event.altKey) byCharacter(event.key === "ArrowRight", event.shiftKey);
    else byWord(event.key === "ArrowRight", event.shiftKey);
    show();
  } else return false;
  return true;
}

export function prepareMarking() {
  if (!begins || !text) return;
  document.addEventListener("keydown", (event) => {
    const key = event.key === "+" || event.key === "=";
    if (!key || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isMarking()) return;
    if (event.target.matches("textarea, select") || document.body.classList.contains("keys-off")) return;
    place = words()[0] ?? null;
    if (!place) return;
    event.preventDefault();
    document.activeElement?.blur();
    show();
  });
}
