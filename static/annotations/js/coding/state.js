// What the page knows: the units with their answers, the spans, the candidates, what is in view.
// Only the server decides which questions are asked; its replies are taken over here as they are.

export const page = JSON.parse(document.getElementById("coding-data").textContent);
export const words = page.words;
export const base = location.pathname; // …/code/<assignment>/

export const state = {
  units: page.units,
  spans: new Map(page.spans.map((span) => [span.id, span])),
  candidates: new Map(page.candidates.map((candidate) => [candidate.id, candidate])),
  open: page.open,
  finished: page.finished,
  current: null, // id of the message being coded
  focus: null, // "s5" or "c7": the fragment in focus
};

// Events: "reply" (new state), "current", "focus", "queue", "stale", "refused", "done".
export const bus = new EventTarget();

export function tell(name, detail) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

export function on(name, listener) {
  bus.addEventListener(name, (event) => listener(event.detail));
}

export function say(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function take(reply) {
  Object.assign(state.units, reply.units ?? {});
  if (typeof reply.open === "number") state.open = reply.open;
  if (typeof reply.finished === "boolean") state.finished = reply.finished;
  if (reply.spans) {
    for (const [id, span] of state.spans) {
      if (span.m === reply.message) {
        state.spans.delete(id);
        delete state.units[`s${id}`];
      }
    }
    for (const span of reply.spans) state.spans.set(span.id, span);
    Object.assign(state.units, reply.units);
    for (const candidate of reply.candidates) state.candidates.set(candidate.id, candidate);
  }
  tell("reply", reply);
}

export function messages() {
  return [...document.querySelectorAll(".msg[data-message]")];
}

export function messageElement(id) {
  return document.getElementById(`message-${id}`);
}

export function textElement(id) {
  return messageElement(id)?.querySelector(".msg__text") ?? null;
}

// What a mark stands for: {kind, id, m, s, e, t, …} or null.
export function fragment(key) {
  if (!key) return null;
  const id = Number(key.slice(1));
  if (key[0] === "s") return state.spans.has(id) ? { kind: "span", ...state.spans.get(id) } : null;
  const candidate = state.candidates.get(id);
  return candidate && candidate.state !== "decided" ? { kind: "candidate", entry: candidate, ...candidate } : null;
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
