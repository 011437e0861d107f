// Fragment by fragment: choosing a whole set shows in the list what it holds; changing the list chooses it.

import { quote, selected } from "../common/offsets.js";

const form = document.getElementById("decision");
const list = document.getElementById("fragments");
const add = document.getElementById("fragment-add");
const output = document.getElementById("fragment-quote");
const type = document.getElementById("fragment-type");
const put = document.getElementById("fragment-put");
const verdict = document.getElementById("verdict-other");
let found = null;

const same = (one, other) =>
  one.start === other.start && one.end === other.end && one.category === other.category &&
  JSON.stringify(one.answers ?? {}) === JSON.stringify(other.answers ?? {});

const boxes = () => [...list.querySelectorAll("[name=fragment]")];

function takeOver() {
  const chosen = form.querySelector("[name=verdict]:checked");
  if (!chosen || chosen === verdict) return;
  const set = JSON.parse(chosen.value);
  for (const box of boxes()) box.checked = set.some((fragment) => same(fragment, JSON.parse(box.value)));
}

// `place`: {text, start, end} of a stretch somebody selected, or null.
export function offer(place) {
  found = place && place.text.id === "unit-text" ? place : null;
  output.textContent = found ? quote(found.text, found.start, found.end) : "";
  put.disabled = !found;
}

export function askType() {
  choosePick();
  type.focus();
}

function choosePick() {
  if (verdict.checked) return;
  takeOver();
  verdict.checked = true;
  verdict.dispatchEvent(new Event("change", { bubbles: true }));
}

function putFragment() {
  if (!found) return;
  choosePick();
  const fragment = { answers: {}, category: type.value, end: found.end, start: found.start };
  const known = boxes().find((box) => same(JSON.parse(box.value), fragment));
  if (known) {
    known.checked = true;
    known.focus();
  } else {
    const row = document.getElementById("fragment-row").content.cloneNode(true);
    const box = row.querySelector("input");
    box.value = JSON.stringify(fragment);
    row.querySelector(".verdict__quote").textContent = output.textContent;
    row.querySelector("[data-label]").textContent = type.selectedOptions[0].textContent;
    const next = [...list.children].find((item) => JSON.parse(item.querySelector("input").value).start > fragment.start);
    list.insertBefore(row, next ?? null);
    box.focus();
  }
  getSelection().removeAllRanges();
  offer(null);
}

export function prepareFragments() {
  if (!list) return;
  add.hidden = false;
  form.addEventListener("change", (event) => {
    if (event.target.name === "verdict") takeOver();
  });
  document.addEventListener("mouseup", (event) => {
    if (!event.target.closest?.("#unit-text")) return;
    const place = selected();
    if (!place) return;
    offer(place);
    choosePick();
  });
  type.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    putFragment();
  });
  put.addEventListener("click", putFragment);
  takeOver();
}
