// Confirming what is proposed: only then it becomes a code, and the code remembers that it was proposed.

import { page, on, messages, state, tell, undecided } from "./state.js";
import { restsOn } from "./rules.js";
import { show } from "./queue.js";
import { perform } from "./undo.js";
import { proposalOf, proposedIn } from "./view.js";

const current = () => `m${state.current}`;

// The units whose proposals are confirmed together: the message with its fragments, and where the coder said
// that the rest has nothing, the rest too.
function together() {
  if (!state.current) return [];
  const spans = [...state.spans.values()].filter((span) => span.m === state.current).map((span) => `s${span.id}`);
  if (!state.nothing.has(state.current)) return [...spans, current()];
  return [...state.nothing].map((id) => `m${id}`);
}

// How many proposals wait for one key.
export const waiting = () => together().reduce((sum, unit) => sum + proposedIn(unit).length, 0);

export function confirmOne(unit, variable) {
  const value = proposalOf(unit, variable);
  if (value !== null) perform({ do: "answer", unit, variable, value, origin: "confirmed" });
}

export function confirm() {
  const all = together().flatMap((unit) => proposedIn(unit).map((variable) => [unit, variable]));
  for (const [unit, variable] of all) confirmOne(unit, variable);
}

// An answer that is only asked because of a proposal confirms it.
export function confirmBelow(unit, variable) {
  if (unit[0] !== "m") return;
  for (const key of restsOn(page.rules, "message", variable)) confirmOne(unit, key);
}

// The rest of the thread has nothing: proposed from this message on, wherever nothing is marked.
export function proposeNothing() {
  if (state.finished) return;
  const ids = messages().map((element) => Number(element.dataset.message));
  const rest = ids.slice(Math.max(ids.indexOf(state.current), 0));
  const marked = new Set([...state.spans.values()].map((span) => span.m));
  state.nothing = new Set(rest.filter((id) => !marked.has(id) && !undecided(id).length));
  show();
  tell("proposed");
}
on("leaving", () => state.nothing.clear());
