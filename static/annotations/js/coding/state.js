// What the page knows: the conversation on the screen and those with work that is still to be saved.
//
// A unit is {base, page, stored, thread}: its address, the data that came with it, what the server said last,
// and the element that shows its messages. `state` is what the screen shows: what is stored, with everything
// applied that waits to be saved (view.js).

export const words = JSON.parse(document.getElementById("coding-words").textContent);
export let page = null;
export let base = "";

export const state = {
  units: {}, // "m1", "s2" or "c" -> {a: {variable: [value, revision]}, show, open, propose}
  spans: new Map(),
  candidates: new Map(),
  open: 0,
  kept: new Set(), // "rule unit": contradictions of which the coder said: so it is
  contradictions: [], // {unit, rule}: the others
  finished: false,
  current: null, // id of the message being coded
  focus: null, // "s5" or "c7": the fragment in focus
  nothing: new Set(), // messages of which the coder said that they have nothing
};

const known = new Map(); // base -> unit

export function makeUnit(address, data, thread) {
  return {
    base: address,
    page: data,
    thread,
    stored: {
      units: data.units,
      spans: new Map(data.spans.map((span) => [span.id, span])),
      candidates: new Map(data.candidates.map((candidate) => [candidate.id, candidate])),
      finished: data.finished,
      kept: data.kept,
    },
  };
}

export const unitAt = (address) => known.get(address) ?? null;
export const remember = (unit) => known.set(unit.base, unit);

// A unit on the screen; the others stay known as long as `busy` (base -> whether work waits) says so.
export function open(unit, busy) {
  for (const address of known.keys()) if (!busy(address)) known.delete(address);
  remember(unit);
  ({ page, base } = unit);
  Object.assign(state, { current: null, focus: null, finished: unit.stored.finished, nothing: new Set() });
}

// Events: "opened" and "leaving" (a unit), "ready" (for keys), "view" (what is shown changed), "reply", "current", "focus", "active",
// "queue", "stale", "refused", "done", "typing", "conflicts", "redraw" and "drawn" (a message).
const bus = new EventTarget();

export function tell(name, detail) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

export function on(name, listener) {
  bus.addEventListener(name, (event) => listener(event.detail));
}

export function say(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// What a reply says of a unit, taken over as it is.
export function take(unit, reply) {
  const { stored } = unit;
  if (typeof reply.finished === "boolean") stored.finished = reply.finished;
  if (reply.kept) stored.kept = reply.kept;
  if (reply.spans) {
    for (const [id, span] of stored.spans) {
      if (span.m !== reply.message) continue;
      stored.spans.delete(id);
      delete stored.units[`s${id}`];
    }
    for (const span of reply.spans) stored.spans.set(span.id, span);
    for (const candidate of reply.candidates) stored.candidates.set(candidate.id, candidate);
  }
  Object.assign(stored.units, reply.units ?? {});
}

export function messages() {
  return [...document.querySelectorAll(".msg[data-message]")];
}

export function messageElement(id) {
  return document.getElementById(`message-${id}`);
}

export function textElement(id, thread = document) {
  return thread.querySelector(`#message-${id} .msg__text`);
}

// What a mark stands for: {kind, id, m, s, e, t, …} or null.
export function fragment(key) {
  if (!key) return null;
  const id = Number(key.slice(1));
  if (key[0] === "s") return state.spans.has(id) ? { kind: "span", ...state.spans.get(id) } : null;
  const candidate = state.candidates.get(id);
  return candidate && candidate.state !== "decided" ? { kind: "candidate", ...candidate } : null;
}

// Keys of the fragments of a message, in reading order.
export function fragmentsOf(messageId) {
  const found = [];
  for (const span of state.spans.values()) if (span.m === messageId) found.push([span.s, span.e, `s${span.id}`]);
  for (const one of state.candidates.values()) {
    if (one.m === messageId && one.state !== "decided") found.push([one.s, one.e, `c${one.id}`]);
  }
  return found.sort((a, b) => a[0] - b[0] || b[1] - a[1]).map((row) => row[2]);
}

export function undecided(messageId) {
  return fragmentsOf(messageId).filter((key) => key[0] === "c" && state.candidates.get(Number(key.slice(1))).state === "open");
}
