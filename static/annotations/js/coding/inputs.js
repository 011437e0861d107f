// The value of a question's inputs, in the form the server takes: a key, a list of keys,
// {number: "12"}, a text, 98 (cannot be determined), or null (no answer).

import { isGiven } from "./rules.js";

const MISSING = "98";

export const inputs = (q) => [...q.querySelectorAll("input, textarea")];

export function read(q) {
  const kind = q.dataset.kind;
  const checked = [...q.querySelectorAll("input:checked")].map((input) => input.value);
  if (kind === "checkbox") return checked;
  if (kind === "radio") return checked.length ? known(q, checked[0]) : null;
  if (checked.length) return Number(MISSING);
  const written = q.querySelector(".q__input").value.trim();
  if (!written) return null;
  return kind === "number" ? { number: written } : written;
}

// Yes/no questions have no category for "cannot be determined"; others may have one called 98.
function known(q, value) {
  return value === MISSING && q.querySelector(`input[value="${MISSING}"]`)?.dataset.missing ? Number(MISSING) : value;
}

export function write(q, value) {
  const kind = q.dataset.kind;
  const chosen = new Set(Array.isArray(value) ? value : value === null || value === undefined ? [] : [String(value)]);
  for (const input of q.querySelectorAll("input[type=radio], input[type=checkbox]")) {
    input.checked = kind === "number" ? value === Number(MISSING) : chosen.has(input.value);
  }
  const field = q.querySelector(".q__input");
  if (field && field !== document.activeElement) {
    field.value = typeof value === "string" ? value : (value?.number ?? "");
  }
}

// Whether there is something to show as an answer; "not applicable" is given by the program, not by a coder.
export const isAnswer = (value) => isGiven(value) && value !== 97;

export function same(a, b) {
  const plain = (value) => JSON.stringify(Array.isArray(value) ? [...value].sort() : (value?.number ?? value ?? null));
  return plain(a) === plain(b);
}

// In a multi answer a category that excludes the others stands alone.
export function settleExclusive(q, input) {
  if (!input.checked || q.dataset.kind !== "checkbox") return;
  for (const other of q.querySelectorAll("input:checked")) {
    if (other !== input && (input.dataset.exclusive || other.dataset.exclusive)) other.checked = false;
  }
}

// A value in the words on screen.
export function inWords(q, value, nothing) {
  if (!isAnswer(value)) return nothing;
  const keys = Array.isArray(value) ? value : [String(value?.number ?? value)];
  return keys
    .map((key) => q.querySelector(`input[value="${CSS.escape(key)}"]`)?.closest(".choice").dataset.label ?? key)
    .join(", ");
}
