// Fragments: accept, reject, give another type, move, remove, add. The screen shows at once what was
// asked for, with a mark that waits; the reply brings the text as it is stored.

import { boundaryFrom } from "../common/marking.js";
import { isWhole } from "../common/offsets.js";
import { forget } from "./conflict.js";
import { fragment, page, state, tell, textElement, words } from "./state.js";
import { perform } from "./undo.js";

function act(action) {
  const entry = perform(action);
  tell("redraw", action.message);
  return entry;
}

export function accept(key, type) {
  const one = fragment(key);
  if (!one || state.finished) return;
  if (one.kind === "candidate") act({ do: "accept", candidate: one.id, message: one.m, ...(type ? { type } : {}) });
  else if (type && type !== one.t) act({ do: "answer", unit: key, variable: page.typeVariable, value: type, message: one.m });
}

// A candidate is no personal data, or undecided again; a span that is not right is taken away.
export function reject(key) {
  const one = fragment(key);
  if (!one || state.finished) return;
  if (one.kind === "span") {
    forget(`span ${one.id}`);
    act({ do: "remove", span: one.id, message: one.m });
  } else act({ do: one.state === "rejected" ? "undecide" : "reject", candidate: one.id, message: one.m });
}

export function add(messageId, start, end, type) {
  if (!state.finished) act({ do: "add", message: messageId, start, end, type });
}

// Move one boundary by one character or word; a candidate is accepted by that.
export function move(key, edge, by, { word = false } = {}) {
  const one = fragment(key);
  const text = one && textElement(one.m);
  if (!text || state.finished || !isWhole(text)) return;
  let { s: start, e: end } = one;
  const to = boundaryFrom(text, edge === "start" ? start : end, { edge, forward: by > 0, word });
  if (edge === "start") start = to;
  else end = to;
  if (start >= end || (start === one.s && end === one.e)) return;
  const what = one.kind === "span" ? { span: one.id, type: one.t } : { candidate: one.id };
  const entry = act({ do: "move", ...what, at: key, message: one.m, start, end });
  if (entry.temp) state.focus = `s${entry.temp}`;
  tell("redraw", one.m);
}

export function describe(key) {
  const one = fragment(key);
  if (!one) return null;
  const earlier = page.earlier?.[key]?.[page.typeVariable];
  const name = page.types[one.t]?.label ?? (one.t || words.whichKind);
  if (one.kind === "candidate") {
    return { name: one.state === "rejected" ? name : `${name}?`, why: one.state === "rejected" ? words.rejected : one.why, kind: one.state };
  }
  const from = one.c ? state.candidates.get(one.c) : null;
  const why = from?.why ?? words.byHand;
  return { name, why: earlier ? `${words.earlier} ${earlier} · ${why}` : why, kind: "span" };
}
