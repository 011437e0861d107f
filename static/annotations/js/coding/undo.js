// The last action, undone: every action leaves the one that takes it back.

import { push } from "./queue.js";
import { on, state, tell } from "./state.js";

const stack = []; // {back: action} or {of: id of an action whose reply must come first}
const LONGEST = 200;

export function remember(back) {
  stack.push({ back });
  if (stack.length > LONGEST) stack.shift();
}

// For fragments the reply says what they have become.
export function rememberReply(id, makeBack) {
  stack.push({ of: id, makeBack });
}

on("done", ({ action, reply }) => {
  const entry = stack.find((one) => one.of === action.id);
  if (entry) {
    entry.back = entry.makeBack(reply);
    delete entry.of;
  }
  for (const [variable, value] of Object.entries(action.restore ?? {})) {
    push({ do: "answer", unit: `s${reply.span}`, variable, value, message: action.message });
  }
});
on("stale", drop);
on("refused", drop);

function drop({ action }) {
  const place = stack.findIndex((one) => one.of === action.id);
  if (place >= 0) stack.splice(place, 1);
}

export function undo() {
  if (state.finished || !stack.length || stack.at(-1).of) return;
  const { back } = stack.pop();
  if (!back) return;
  tell("undo", back);
  push({ ...back, undo: true });
}
