// Undo and redo. Whatever is done leaves on a stack what takes it back; taking it back leaves on the other
// stack what does it again. To the server all of it is work like any other: saved and logged as it happens.

import { push, renameIn } from "./queue.js";
import { isGiven } from "./rules.js";
import { on, state, tell } from "./state.js";
import { valueOf } from "./view.js";

const button = document.getElementById("redo");
const LONGEST = 200;
const done = [];
const undone = [];

export function perform(action) {
  undone.length = 0;
  return run(action, done);
}

export const undo = () => turn(done, undone);
export const redo = () => turn(undone, done);

function turn(from, to) {
  if (state.finished || !from.length) return;
  const action = from.pop();
  // What is gone elsewhere cannot be turned back.
  if (!action.span || state.spans.has(action.span)) {
    tell("turned", action);
    const entry = run(action, to);
    if (action.message) tell("redraw", action.message);
    if (action.instead) rename(action.instead, entry.temp);
    restore(action, entry);
  }
  show();
}

function run(action, stack) {
  const back = wayBack(action);
  const { instead: _instead, restore: _answers, ...asked } = action;
  const entry = push(asked);
  stack.push(entry.temp && back.do === "remove" ? { ...back, span: entry.temp } : back);
  if (entry.temp && back.do === "move") Object.assign(stack.at(-1), { span: entry.temp, at: `s${entry.temp}` });
  if (stack.length > LONGEST) stack.shift();
  show();
  return entry;
}

// What takes an action back, from what stands there now.
function wayBack(action) {
  const { do: what, unit, variable, message, candidate } = action;
  if (what === "answer") return { do: what, unit, variable, message, value: valueOf(unit, variable) };
  if (what === "reject") return { do: "undecide", candidate, message };
  if (what === "undecide") return { do: "reject", candidate, message };
  if (what === "remove") return makeAgain(state.spans.get(action.span));
  if (what === "move" && !candidate) {
    const { s: start, e: end, t: type } = state.spans.get(action.span);
    return { do: what, span: action.span, at: action.at, type, message, start, end };
  }
  return { do: "remove", span: 0, message };
}

// A fragment that was removed, as it was: of its candidate if it came from one, with its answers.
function makeAgain({ id, c, m: message, s: start, e: end, t: type }) {
  const given = Object.entries(state.units[`s${id}`]?.a ?? {}).filter(([, [value]]) => isGiven(value));
  const again = { message, restore: given.map(([variable, [value]]) => [variable, value]), instead: id };
  const candidate = state.candidates.get(c);
  if (!candidate) return { do: "add", start, end, type, ...again };
  if (candidate.s === start && candidate.e === end) return { do: "accept", candidate: c, type, ...again };
  return { do: "move", candidate: c, at: `c${c}`, start, end, ...again };
}

function restore({ restore: answers, message }, entry) {
  const unit = `s${entry.temp}`;
  for (const [variable, value] of answers ?? []) {
    if (value !== valueOf(unit, variable)) push({ do: "answer", unit, variable, value, message });
  }
}

// A fragment that is made again has another number; what was done to it before goes by the new one.
function rename(from, to) {
  for (const action of [...done, ...undone]) {
    renameIn(action, from, to);
    if (action.instead === from) action.instead = to;
  }
}
on("renamed", ({ from, to }) => rename(from, to));
on("leaving", () => {
  done.length = undone.length = 0;
  show();
});

// What was not stored is not there to be taken back.
for (const name of ["stale", "refused", "failed"]) {
  on(name, ({ action }) => {
    for (const stack of [done, undone]) {
      const place = stack.findLastIndex((one) => action.temp ? one.span === action.temp : one.unit === action.unit && one.variable === action.variable && Boolean(one.unit));
      if (place >= 0) stack.splice(place, 1);
    }
    show();
  });
}

function show() {
  button.hidden = !undone.length;
}
