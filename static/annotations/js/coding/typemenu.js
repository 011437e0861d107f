// The small list of information types: for a new fragment, or another type for one that is there.

import { rangeOf, selected } from "../common/offsets.js";
import { accept, add } from "./spans.js";
import { fragment, messageElement, on, state, textElement } from "./state.js";
import { decide, setCurrent, setFocus } from "./thread.js";

const menu = document.getElementById("type-menu");
const list = menu.querySelector("ul");
const about = document.getElementById("type-about");
const buttons = () => [...list.querySelectorAll("button")];
let place = null; // {message, start, end} to add, or {key} to give another type

export const isOpen = () => menu.matches(":popover-open");

export function openFor(target, alternatives = []) {
  if (state.finished || !buttons().length) return;
  place = target;
  const text = textElement(target.message);
  // Types that also fit come first.
  const first = (button) => (alternatives.includes(button.value) ? alternatives.indexOf(button.value) : alternatives.length);
  const order = buttons().sort((a, b) => first(a) - first(b));
  for (const button of order) {
    button.classList.toggle("is-alternative", alternatives.includes(button.value));
    list.append(button.parentElement);
  }
  const box = rangeOf(text, target.start, target.end).getBoundingClientRect();
  menu.showPopover();
  const current = fragment(target.key)?.t;
  (order.find((button) => button.value === current) ?? order[0]).focus();
  const left = Math.min(Math.max(box.left, 8), innerWidth - menu.offsetWidth - 8);
  const below = box.bottom + 8 + menu.offsetHeight < innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? box.bottom + 8 : Math.max(8, box.top - menu.offsetHeight - 8)}px`;
}

export function close() {
  if (!isOpen()) return;
  menu.hidePopover();
  place = null;
}

function pick(type) {
  const target = place;
  close();
  if (target.key) {
    decide((key) => accept(key, type), target.key);
  } else {
    getSelection().removeAllRanges();
    setCurrent(target.message, { scroll: false });
    add(target.message, target.start, target.end, type);
  }
}

export function openForFocus() {
  const one = fragment(state.focus);
  if (one) openFor({ key: state.focus, message: one.m, start: one.s, end: one.e }, one.alt ?? []);
}

export function openForSelection() {
  const chosen = selected();
  if (!chosen) return false;
  const message = Number(chosen.text.closest(".msg").dataset.message);
  if (!messageElement(message)) return false;
  openFor({ message, start: chosen.start, end: chosen.end });
  return true;
}

menu.addEventListener("click", (event) => {
  const button = event.target.closest("button[value]");
  if (button) pick(button.value);
});
const explain = (event) => {
  const button = event.target.closest("button[value]");
  if (button) about.textContent = button.dataset.about;
};
menu.addEventListener("focusin", explain);
menu.addEventListener("mouseover", explain);

// Keys while the list is open; true: used.
export function key(event) {
  const all = [...list.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 2, ArrowUp: at - 2, ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (event.key === "Escape") {
    const target = place;
    close();
    if (target?.key) setFocus(target.key);
  } else if (to !== undefined) {
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  } else if (event.key === "Enter" || event.key === " " || event.key === "Tab") {
    return false;
  } else {
    const match = event.key.length === 1 && buttons().find((button) => button.dataset.key === event.key.toLowerCase());
    if (!match) return false;
    pick(match.value);
  }
  return true;
}

document.addEventListener("pointerdown", (event) => {
  if (isOpen() && !menu.contains(event.target)) close();
});
on("retype", openForFocus);
on("leaving", close);
