// The wall by keyboard. Everything here is a form that also works without this module.
//
// Hands may be raised faster than the server answers: they are sent one after the other, and the page is drawn
// again once the last is in. What somebody is writing stays when the page is drawn again.

import { followPreference, isTyping, keysAreOn, targetOf } from "../common/keyboard.js";

const wall = () => document.getElementById("wall");
const reason = () => document.getElementById("reason");
const outcome = () => document.getElementById("outcome");
const hands = []; // what is still to be sent
let sending = false;
let draft = null; // what was filled in and not sent, of the case on the wall
let isRecorded = false;
let chosen = ""; // the answer that somebody chose, whatever the vote

function keepDraft() {
  if (!outcome()) return;
  const boxes = [...outcome().querySelectorAll("input[type=checkbox]")].filter((box) => box.checked);
  draft = { case: wall().dataset.case, reason: reason().value, boxes: boxes.map((box) => box.name), chosen };
}

function restoreDraft() {
  if (!draft || !outcome() || wall().dataset.case !== draft.case) {
    chosen = "";
    return;
  }
  if (!reason().value) reason().value = draft.reason;
  for (const name of draft.boxes) outcome().elements[name].checked = true;
  const input = [...document.querySelectorAll("input[name=settlement]")].find((each) => each.value === draft.chosen);
  if (input) input.checked = true;
}

function draw(html) {
  keepDraft();
  window.htmx.swap("#wall", html, { swapStyle: "outerHTML" });
}

async function sendHands() {
  if (sending) return;
  sending = true;
  while (hands.length) {
    const answer = await fetch(hands[0].address, { method: "POST", body: hands[0].body, headers: { "HX-Request": "true" } }).catch(() => null);
    const isRefused = !answer?.ok;
    hands.splice(0, isRefused ? hands.length : 1);
    if (hands.length) continue;
    if (answer && (answer.ok || [409, 422].includes(answer.status))) draw(await answer.text());
    else document.getElementById("request-failed").hidden = false;
  }
  sending = false;
}

function raise(button, act) {
  const form = document.getElementById("ballot");
  const body = new FormData(form);
  body.set("act", act);
  body.set("value", button.value);
  hands.push({ address: form.action, body });
  sendHands();
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "ballot") return;
  event.preventDefault();
  if (event.submitter) raise(event.submitter, "hand");
});

document.addEventListener("change", (event) => {
  if (event.target.name === "settlement") chosen = event.target.value;
});

// The page asks every few seconds: what it shows goes along, so that nothing comes back where nothing changed.
document.body.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches("[data-poll]")) return;
  const live = document.getElementById("live");
  Object.assign(event.detail.parameters, { case: wall().dataset.case, of: wall().dataset.of, seen: live?.dataset.seen ?? "" });
  if (reason()?.value.trim()) event.detail.parameters.typing = "1";
});
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("[data-poll]") && (sending || document.querySelector("dialog[open]"))) event.preventDefault();
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  keepDraft();
  // Recorded: nothing of it is to be filled in again, and the keys work.
  isRecorded = event.detail.requestConfig?.elt.id === "outcome" && event.detail.xhr.status === 200;
  if (isRecorded) draft = null;
});
document.body.addEventListener("htmx:afterSettle", () => {
  restoreDraft();
  if (document.querySelector("#wall > [role=alert]") && reason() && !reason().value) reason().focus();
  else if (isRecorded || document.activeElement === document.body) wall()?.focus({ preventScroll: true });
  isRecorded = false;
  document.getElementById("unit")?.scrollIntoView({ block: "center" });
});

function single(event) {
  if (event.key === "?") return document.getElementById("keys").showModal();
  if (event.key === "w") return reason()?.focus();
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  const key = event.shiftKey && digit ? digit : event.key;
  const control = wall().querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!control || control.disabled) return false;
  if (control.matches("#live button")) raise(control, event.shiftKey ? "hand_back" : "hand");
  else control.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = targetOf(event);
  if (isTyping(target)) {
    if (event.key !== "Escape") return;
    wall().focus();
    event.preventDefault();
    return;
  }
  if (event.repeat || !keysAreOn()) return;
  if (single(event) !== false) event.preventDefault();
});

followPreference(document.getElementById("single-keys"));
wall()?.focus({ preventScroll: true });
document.getElementById("unit")?.scrollIntoView({ block: "center" });
