// What the file did not tell of a message's author, filled in by hand.

import { post } from "./api.js";
import { base, words } from "./state.js";

const dialog = document.getElementById("context-dialog");
const form = dialog.querySelector("form");
const error = document.getElementById("context-error");
let source = null; // the button with what is known now

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-context]");
  if (!button) return;
  source = button;
  error.hidden = true;
  const allowed = button.dataset.fillable.split(" ");
  for (const field of form.querySelectorAll("[name]")) {
    field.value = button.dataset[field.dataset.from] ?? "";
    field.disabled = !allowed.includes(field.name);
  }
  dialog.showModal();
});

form.addEventListener("submit", async (event) => {
  if (event.submitter?.value === "close") return;
  event.preventDefault();
  const values = {};
  for (const field of form.querySelectorAll("[name]")) if (!field.disabled) values[field.name] = field.value;
  const { outcome, reply } = await post(base, "context/", {
    message: Number(source.dataset.context),
    revision: Number(source.dataset.revision),
    values,
  });
  if (outcome === "done") {
    location.reload();
    return;
  }
  error.textContent = outcome === "stale" ? words.contextStale : (reply?.problem ?? words.notSaved);
  error.hidden = false;
  if (outcome === "stale") {
    source.dataset.revision = reply.revision;
    for (const field of form.querySelectorAll("[name]")) {
      const theirs = reply.current[field.name];
      if (theirs !== null && theirs !== "" && !field.disabled) field.value = theirs;
    }
  }
});
