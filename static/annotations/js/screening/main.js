// Screening by keyboard: one key decides the message on screen, and the answer brings the next one.

import { followPreference, isTyping, keysAreOn, targetOf } from "../common/keyboard.js";

const now = document.getElementById("now");
const save = document.getElementById("save");
const trouble = document.getElementById("trouble");
const LOOK_AGAIN = 15000;
let unit = null;
let revision = 0;
let lease = "";
let busy = false;
let last = null;
let timer = 0;

function show(state) {
  save.dataset.state = state === "failed" ? "failed" : state;
  save.textContent = save.dataset[state];
}

function complain(sentence, canRetry) {
  trouble.hidden = false;
  trouble.firstElementChild.textContent = sentence;
  document.getElementById("again").hidden = !canRetry;
}

const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";

async function ask(path, values = {}) {
  const response = await fetch(now.dataset.base + path, {
    method: "POST",
    body: new URLSearchParams(values),
    headers: { "X-CSRFToken": token() },
    redirect: "manual",
    signal: AbortSignal.timeout(30000),
  });
  if (response.type === "opaqueredirect" || response.status === 401) return { out: true };
  return { status: response.status, reply: await response.json() };
}

// While an answer is on its way no key decides: the next message has not been seen yet.
async function send(path, values) {
  if (busy) return;
  busy = true;
  last = [path, values];
  show("saving");
  clearTimeout(timer);
  try {
    const { out, status, reply } = await ask(path, values);
    if (out) return fail(trouble.dataset.out);
    if (status === 200) {
      trouble.hidden = true;
      draw(reply);
    } else if (status === 422 || status === 409) {
      // Another message, or another answer, stands there now.
      const fresh = await ask("next/");
      if (fresh.status === 200) draw(fresh.reply);
      complain(reply.problem, false);
    } else return fail(reply.problem ?? trouble.dataset.offline);
    show("saved");
  } catch {
    fail(trouble.dataset.offline);
  } finally {
    busy = false;
  }
}

function fail(sentence) {
  show("failed");
  complain(sentence, true);
}

function draw({ html, unit: pk, revision: number, lease: named, seconds }) {
  const hadNote = document.activeElement?.id === "note";
  now.innerHTML = html;
  unit = pk;
  revision = number;
  lease = named;
  const meant = document.getElementById("unit");
  (meant ?? document.getElementById("main")).focus({ preventScroll: true });
  meant?.scrollIntoView({ block: "center" });
  if (hadNote) document.getElementById("note")?.blur();
  if (!pk) timer = setTimeout(() => send("next/"), LOOK_AGAIN);
  else if (seconds) timer = setTimeout(() => send("next/"), seconds * 1000);
}

function decide(values) {
  if (!unit) return;
  const note = document.getElementById("note")?.value ?? "";
  send("decide/", { unit, revision, note, ...values });
}

const ACTS = {
  undo: () => send("undo/"),
  doubt: () => decide({ doubt: "1" }),
  note: () => {
    document.getElementById("note-field").hidden = false;
    document.getElementById("note").focus();
  },
  reveal: () => (document.querySelector(".redacted") ? send("reveal/") : send("next/")),
};
const KEYS = { z: "undo", d: "doubt", m: "note", "/": "reveal" };

function press(button) {
  if (button.disabled) return;
  if (button.dataset.answer) decide({ answer: button.dataset.answer, reason: button.dataset.reason });
  else ACTS[button.dataset.act]();
}

now.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-answer], button[data-act]");
  if (button) press(button);
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = targetOf(event);
  if (isTyping(target)) {
    if (event.key === "Escape") document.getElementById("unit")?.focus();
    return;
  }
  if (!keysAreOn() || target.closest(".menu")) return;
  if (event.key === "?") {
    event.preventDefault();
    document.getElementById("keys").showModal();
    return;
  }
  const act = KEYS[event.key];
  const button = now.querySelector(act ? `[data-act="${act}"]` : `[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  // A key that is held down decides once.
  if (!event.repeat) press(button);
});

document.getElementById("open-keys").addEventListener("click", () => document.getElementById("keys").showModal());
document.getElementById("again").addEventListener("click", () => last && send(...last));
addEventListener("pagehide", () => {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token(), lease });
  navigator.sendBeacon(`${now.dataset.base}leave/`, body);
});
addEventListener("pageshow", (event) => event.persisted && send("next/"));
followPreference(document.getElementById("single-keys"));
send("next/");
