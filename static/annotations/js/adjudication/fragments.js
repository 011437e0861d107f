// Fragment by fragment: choosing a whole set shows in the list what it holds; changing the list chooses it.

import { quote, selected } from "../common/offsets.js";

let found = null;

const id = (name) => document.getElementById(name);
const same = (one, other) =>
  one.start === other.start && one.end === other.end && one.category === other.category &&
  JSON.stringify(one.answers ?? {}) === JSON.stringify(other.answers ?? {});
const boxes = () => [...id("fragments").querySelectorAll("[name=fragment]")];
const boxOf = (fragment) => boxes().find((box) => same(JSON.parse(box.value), fragment));

function takeOver() {
  const chosen = id("decision").querySelector("[name=settlement]:checked");
  if (!chosen || chosen === id("settlement-other")) return;
  const set = JSON.parse(chosen.value);
  for (const box of boxes()) box.checked = set.some((fragment) => same(fragment, JSON.parse(box.value)));
}

// `place`: {text, start, end} of a stretch somebody selected, or null.
export function offer(place) {
  found = place && place.text.id === "unit-text" ? place : null;
  id("fragment-quote").textContent = found ? quote(found.text, found.start, found.end) : "";
  id("fragment-put").disabled = !found;
}

export function askType() {
  chooseOneByOne();
  id("fragment-type").focus();
}

function chooseOneByOne() {
  const other = id("settlement-other");
  if (other.checked) return;
  takeOver();
  other.checked = true;
  other.dispatchEvent(new Event("change", { bubbles: true }));
}

// Ticks a fragment {start, end, category, answers}; one that nobody marked is added to the list.
export function addFragment(fragment) {
  const known = boxOf(fragment);
  if (known) {
    known.checked = true;
    return known;
  }
  const row = id("fragment-row").content.cloneNode(true);
  const box = row.querySelector("input");
  const label = [...id("fragment-type").options].find((option) => option.value === fragment.category);
  box.value = JSON.stringify(fragment);
  row.querySelector(".given-value__quote").textContent = quote(id("unit-text"), fragment.start, fragment.end);
  row.querySelector("[data-label]").textContent = label?.textContent ?? fragment.category;
  const after = boxes().find((other) => JSON.parse(other.value).start > fragment.start);
  id("fragments").insertBefore(row, after?.closest("li") ?? null);
  return box;
}

function putFragment() {
  if (!found) return;
  chooseOneByOne();
  addFragment({ answers: {}, category: id("fragment-type").value, end: found.end, start: found.start }).focus();
  getSelection().removeAllRanges();
  offer(null);
}

document.addEventListener("mouseup", (event) => {
  if (!id("fragments") || !event.target.closest?.("#unit-text")) return;
  const place = selected();
  if (!place) return;
  offer(place);
  chooseOneByOne();
});

export function prepareFragments() {
  found = null;
  if (!id("fragments")) return;
  id("fragment-add").hidden = false;
  id("decision").addEventListener("change", (event) => {
    if (event.target.name === "settlement") takeOver();
  });
  id("fragment-type").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    putFragment();
  });
  id("fragment-put").addEventListener("click", putFragment);
  takeOver();
}
