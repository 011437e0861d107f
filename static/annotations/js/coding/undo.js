// Undo and redo. Whatever is done leaves on a stack what takes it back; taking it back leaves on the other
// stack what does it again. To the server all of it is work like any other: saved and logged as it happens.

import { placeOf, push, valueOf } from "./queue.js";
import { on, state, tell } from "./state.js";

const button = document.getElementById("redo");
const LONGEST = 200;
const done = []; // {action}, or {of, make} as long as the reply that tells what it became is on its way
const undone = [];

export function perform(action) {
  undone.length = 0;
  run(action, done);
}

export const undo = () => turn(done, undone);
export const redo = () => turn(undone, done);

function turn(from, to) {
  if (state.finished || !from.length || from.at(-1).of) return;
  const { action } = from.pop();
  // What is gone elsewhere cannot be turned back.
  if (!action.span || state.spans.has(action.span)) {
    tell("turned", action);
    run(action, to);
  }
  show();
}

function run(action, stack) {
  const make = wayBack(action);
  // The screen waits with what the reply decides.
  const candidate = state.candidates.get(action.candidate);
  if (candidate) candidate.state = "waiting";
  const id = push(action);
  stack.push(action.do === "answer" ? { action: make() } : { of: id, make });
  if (stack.length > LONGEST) stack.shift();
  show();
}

// What takes an action back, from what stands there now and what the reply will say.
function wayBack(action) {
  const { do: what, unit, variable, message, candidate } = action;
  if (what === "answer") {
    const value = valueOf(unit, variable);
    return () => ({ do: what, unit, variable, message, value });
  }
  if (what === "reject") return () => ({ do: "undecide", candidate, message });
  if (what === "undecide") return () => ({ do: "reject", candidate, message });
  if (what === "remove") return makeAgain(state.spans.get(action.span));
  const before = what === "move" ? placeOf(action.at) : null;
  if (before && (before.at || !candidate)) {
    return ({ span }) => ({ do: what, span, at: `s${span}`, type: state.spans.get(span)?.t, message, start: before.start, end: before.end });
  }
  return ({ span }) => ({ do: "remove", span, message });
}

// A fragment that was removed, as it was: of its candidate if it came from one, with its answers.
function makeAgain({ id, c, m: message, s: start, e: end, t: type }) {
  const given = Object.entries(state.units[`s${id}`]?.a ?? {}).filter(([, [value]]) => value !== null);
  const restore = Object.fromEntries(given.map(([variable, [value]]) => [variable, value]));
  const again = { message, restore, instead: id };
  const candidate = state.candidates.get(c);
  if (!candidate) return () => ({ do: "add", start, end, type, ...again });
  if (candidate.s === start && candidate.e === end) return () => ({ do: "accept", candidate: c, type, ...again });
  return () => ({ do: "move", candidate: c, at: `c${c}`, start, end, ...again });
}

on("done", ({ action, reply }) => {
  const entry = [...done, ...undone].find((one) => one.of === action.id);
  if (entry) {
    entry.action = entry.make(reply);
    delete entry.of;
  }
  if (action.instead) rename(action.instead, reply.span);
  for (const [variable, value] of Object.entries(action.restore ?? {})) {
    const unit = `s${reply.span}`;
    if (value !== state.units[unit]?.a[variable]?.[0]) push({ do: "answer", unit, variable, value, message: action.message });
  }
});

// A fragment that is made again has another number; what was done to it before goes by the new one.
function rename(from, to) {
  for (const { action } of [...done, ...undone]) {
    if (action?.span === from) Object.assign(action, { span: to, at: `s${to}` });
    if (action?.instead === from) action.instead = to;
    if (action?.unit === `s${from}`) action.unit = `s${to}`;
  }
}

for (const name of ["stale", "refused"]) {
  on(name, ({ action }) => {
    for (const stack of [done, undone]) {
      const place = stack.findIndex((one) => one.of === action.id);
      if (place >= 0) stack.splice(place, 1);
    }
    show();
  });
}

function show() {
  button.hidden = !undone.length;
}
