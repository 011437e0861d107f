// The editor of a draft. Every edit is sent with the revision it was made on; the answer draws the page anew,
// with the focus and what is being typed where they were.

import { followPreference, isTyping, keysAreOn, targetOf } from "../common/keyboard.js";
import { dragging } from "./dragging.js";

const desk = document.getElementById("main");
const form = document.getElementById("draft-form");
const trouble = document.getElementById("draft-trouble");
const touched = document.getElementById("draft-touched");
const PAUSE = 700;
const waiting = []; // edits that are not stored yet, the oldest first
let revision = Number(desk.dataset.revision);
let item = desk.dataset.item;
let language = "";
let busy = false;
let pause = 0;

const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]").value;

function say(state) {
  const save = document.getElementById("draft-save");
  save.dataset.state = state;
  save.textContent = desk.dataset[state];
}

// What an edit sets is sent once more when it is set again before it was stored.
function send(edit) {
  const last = waiting.at(-1);
  const same = last && !last.sent && last.do === "set" && edit.do === "set" && last.item === edit.item && String(last.field) === String(edit.field);
  if (same) last.value = edit.value;
  else waiting.push(edit);
  next();
}

async function next() {
  if (busy || !waiting.length || !trouble.hidden) return;
  busy = true;
  const edit = waiting[0];
  edit.sent = true;
  say("saving");
  try {
    const { sent, ...what } = edit;
    const response = await fetch(desk.dataset.edit, {
      method: "POST",
      body: JSON.stringify({ revision, edit: what, item }),
      headers: { "X-CSRFToken": token(), "Content-Type": "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(30000),
    });
    if (!response.ok && ![409, 422].includes(response.status)) throw new Error(String(response.status));
    const reply = await response.json();
    if (response.status === 200) {
      waiting.shift();
      revision = reply.revision;
      item = reply.item;
      draw(reply.html);
      after(edit, reply);
      count();
    } else if (response.status === 409) {
      revision = reply.revision ?? revision;
      if (isStep(edit.do)) waiting.shift(); // what would be undone now is another step than the one in view
      if (reply.html) draw(reply.html);
      complain(reply.problem, { now: reply.current?.value, mine: edit.value, again: reply.revision !== undefined && !isStep(edit.do) });
    } else {
      waiting.shift();
      complain(reply.problem, {});
    }
  } catch {
    edit.sent = false;
    say("failed");
    complain(desk.dataset.offline, { again: true });
  } finally {
    busy = false;
  }
  if (!waiting.length && trouble.hidden) say("saved");
  next();
}

function complain(sentence, { now, mine, again = false }) {
  trouble.hidden = false;
  trouble.querySelector("p").textContent = sentence;
  const versions = trouble.querySelector("dl");
  versions.hidden = now === undefined && mine === undefined;
  const [stands, yours] = versions.querySelectorAll("dd");
  stands.textContent = written(now);
  yours.textContent = written(mine);
  trouble.querySelector("[value=again]").hidden = !again;
  say("failed");
}

const written = (value) => (value === undefined || value === null || value === "" ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value));

trouble.addEventListener("click", (event) => {
  const { value } = event.target;
  if (!value) return;
  trouble.hidden = true;
  if (value === "drop") waiting.shift();
  else if (waiting[0]) waiting[0].sent = false;
  if (!waiting.length) say("saved");
  next();
});

// The parts come as the server drew them; the field that has the focus keeps it, its caret and its text.
function draw(html) {
  const focused = document.activeElement;
  const { id } = focused;
  const typed = focused.matches?.("#draft-form input:not([type=checkbox], [type=radio]), #draft-form textarea") ? focused.value : null;
  const caret = typed === null ? null : [focused.selectionStart, focused.selectionEnd];
  const opened = [...form.querySelectorAll("details[open]")].map((one) => one.id);
  for (const [name, text] of Object.entries(html)) document.getElementById(`draft-${name}`).innerHTML = text;
  for (const one of opened) document.getElementById(one)?.setAttribute("open", "");
  showLanguage();
  const again = id && document.getElementById(id);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (typed !== null && again.value !== typed && waiting.length + pause > 0) again.value = typed;
  if (caret && again.setSelectionRange && again.value === typed) again.setSelectionRange(...caret);
}

// Where the work goes on after an edit that made something.
function after({ do: what }, { about, field: where = "" }) {
  const row = document.getElementById(`c-${about}`);
  if (["add_variable", "add_module", "add_rule"].includes(what)) form.querySelector(".pair .input")?.focus();
  else if ((what === "add_category" || what === "split") && row) row.querySelector(".input[lang]")?.focus();
  else if (isStep(what)) showStep(about, where, row);
  row?.scrollIntoView({ block: "nearest" });
}

const isStep = (what) => what === "undo" || what === "redo";

// The field that a step was about is in view, and has the focus unless that is on the button that does more.
function showStep(about, where, row) {
  const field = document.getElementById(`f-${about}-${where.replace(/^_/, "").replaceAll(".", "-")}`);
  field?.closest("details")?.setAttribute("open", "");
  const place = field ?? row;
  place?.scrollIntoView({ block: "nearest" });
  if (!isStep(document.activeElement.dataset?.do)) place?.focus({ preventScroll: true });
}

let counting = 0;
function count() {
  clearTimeout(counting);
  counting = setTimeout(() => {
    show(touched, desk.dataset.touched);
    show(document.getElementById("draft-hits"), `${desk.dataset.hits}?item=${encodeURIComponent(item)}`);
  }, PAUSE);
}

async function show(place, address) {
  const response = await fetch(address).catch(() => null);
  if (response?.ok) place.innerHTML = await response.text();
}

// Reading a field -------------------------------------------------------------------------

function valueOf(field) {
  if (field.type === "checkbox") return field.checked;
  if ("number" in field.dataset) {
    const number = Number(field.value.replace(",", "."));
    return field.value.trim() === "" || Number.isNaN(number) ? null : number;
  }
  return field.value;
}

function save(field) {
  clearTimeout(pause);
  pause = 0;
  const { path, of } = field.dataset;
  if (!path || field.dataset.last === String(field.value) + field.checked) return;
  field.dataset.last = String(field.value) + field.checked;
  send({ do: "set", item: of, field: path.split("."), value: valueOf(field) });
}

// "Any answer" and the answers themselves exclude each other: what was ticked last stands.
function saveCondition(block, extra = "", ticked = null) {
  const value = {};
  for (const row of block.querySelectorAll(".condition__row")) {
    const chosen = [...row.querySelectorAll("input:checked")].map((one) => one.value);
    const isAny = chosen.includes("*") && (ticked?.value === "*" || !row.contains(ticked));
    value[row.dataset.key] = isAny ? ["*"] : chosen.filter((one) => one !== "*");
  }
  if (extra) value[extra] = ["*"];
  send({ do: "set", item: block.dataset.of, field: [block.dataset.condition], value });
}

form.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset.path || field.matches("select, [type=checkbox], [type=radio]")) return;
  clearTimeout(pause);
  pause = setTimeout(() => save(field), PAUSE);
});
form.addEventListener("change", (event) => {
  const field = event.target;
  const block = field.closest("[data-condition]");
  if (field.dataset.merge) {
    if (field.value) send({ do: "merge", item: field.dataset.merge, items: [field.value] });
  } else if (block) saveCondition(block, "addCondition" in field.dataset ? field.value : "", field);
  else save(field);
});
// What was typed is sent before anything else is done with the page.
form.addEventListener("focusout", (event) => {
  if (pause && event.target.dataset?.path) save(event.target);
});

// Doing -----------------------------------------------------------------------------------

function act(what, of) {
  if (what === "redefine") send({ do: "set", item: of, field: ["_meaning"], value: "new" });
  else if (what === "add_variable") send({ do: "add_variable", after: item });
  else send(of ? { do: what, item: of } : { do: what });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) act(button.dataset.do, button.dataset.of);
  const preview = event.target.closest("[data-preview]");
  if (preview) {
    language = preview.dataset.preview;
    showLanguage();
  }
  const dropped = event.target.closest("[data-drop-condition]");
  if (dropped) {
    const block = dropped.closest("[data-condition]");
    dropped.closest(".condition__row").remove();
    saveCondition(block);
  }
});

function showLanguage() {
  const shown = [...document.querySelectorAll("[data-language]")];
  if (!shown.some((one) => one.dataset.language === language)) return;
  for (const one of shown) one.hidden = one.dataset.language !== language;
  for (const one of document.querySelectorAll("[data-preview]")) one.setAttribute("aria-pressed", String(one.dataset.preview === language));
}

// Undoing: what is being typed and not stored yet is the browser's own to undo.
function stepOf(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return "";
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" ? "redo" : "";
}

// Moving: alt and an arrow, on a row of the tree or anywhere in a category; or dragging.
const isRow = (element) => element.closest(".cat")?.dataset.item ?? element.closest(".tree__row")?.dataset.item ?? (element.closest("#draft-form") ? item : null);
document.addEventListener("keydown", (event) => {
  const step = stepOf(event);
  if (step && !pause && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    if (waiting.length || !document.getElementById(`draft-${step}`).disabled) act(step);
    return;
  }
  if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    const moved = isRow(targetOf(event));
    if (!moved || moved === "codebook") return;
    event.preventDefault();
    send({ do: "move", item: moved, by: event.key === "ArrowUp" ? -1 : 1 });
    return;
  }
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey || isTyping(targetOf(event)) || document.querySelector("dialog[open]")) return;
  if (event.key === "v") act("add_variable");
  else if (event.key === "c") document.querySelector("[data-do=add_category]")?.click();
  else if (event.key === "p") location.assign(desk.dataset.publish);
  else if (event.key === "j" || event.key === "k") {
    const rows = [...document.querySelectorAll(".tree__row")];
    const place = rows.findIndex((one) => one.dataset.item === item);
    rows[Math.min(Math.max(place + (event.key === "j" ? 1 : -1), 0), rows.length - 1)]?.click();
    return;
  } else return;
  event.preventDefault();
});
dragging(document.querySelector(".draft__columns"), (moved, before) => send({ do: "move", item: moved, before }));

addEventListener("beforeunload", (event) => {
  if (waiting.length || pause) event.preventDefault();
});
followPreference();
count();
