// One unit on the desk: "another value", and what its form holds.

import { addFragment, prepareFragments } from "./fragments.js";

const SENT_ALONG = new Set(["csrfmiddlewaretoken", "revision"]);

function showOther() {
  const other = document.getElementById("other"); // not where every value stands in the list itself
  if (other) other.hidden = !document.getElementById("settlement-other").checked;
}

export function bindUnit() {
  document.getElementById("decision").addEventListener("change", (event) => {
    showOther();
    if (event.target.name === "settlement") document.getElementById("no-value").hidden = true;
  });
  prepareFragments();
  showOther();
}

export function choose(input) {
  if (input.type === "checkbox") input.checked = !input.checked;
  else input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
  if (input.id === "settlement-other") document.getElementById("other").querySelector("input, button, select")?.focus();
}

// What somebody filled in: [[name, value], …]. Fragments count only where they are chosen one by one.
export function filledIn(form) {
  const all = [...new FormData(form)].filter(([name]) => !SENT_ALONG.has(name));
  const oneByOne = all.some(([name, value]) => name === "settlement" && value === "other");
  return oneByOne ? all : all.filter(([name]) => name !== "fragment" && name !== "other" && name !== "other_written");
}

export function fill(form, entries) {
  const oneByOne = entries.some(([name, value]) => name === "settlement" && value === "other");
  for (const [name, value] of entries) if (name === "fragment") addFragment(JSON.parse(value));
  for (const input of form.querySelectorAll("input:is([type=radio], [type=checkbox])")) {
    if (!oneByOne && (input.name === "fragment" || input.name === "other")) continue;
    input.checked = entries.some(([name, value]) => name === input.name && value === input.value);
  }
  for (const [name, value] of entries) {
    const field = form.elements[name];
    if (field instanceof HTMLTextAreaElement || field?.type === "text") field.value = value;
  }
  form.dispatchEvent(new Event("change"));
  form.querySelector("[name=settlement]:checked")?.dispatchEvent(new Event("change", { bubbles: true }));
}
