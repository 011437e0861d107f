// Fragments: accept, reject, give another type, move, remove, add. The screen shows at once what was
// asked for, with a mark that waits; the reply brings the text as it is stored.

import { forget } from "./conflict.js";
import { isWhole, points, storedText } from "../common/offsets.js";
import { placeOf } from "./queue.js";
import { fragment, page, state, textElement, words } from "./state.js";
import { perform } from "./undo.js";

export function accept(key, type) {
  const one = fragment(key);
  if (!one || state.finished) return;
  if (one.kind === "candidate") perform({ do: "accept", candidate: one.id, message: one.m, ...(type ? { type } : {}) });
  else if (type && type !== one.t) {
    perform({ do: "answer", unit: key, variable: page.typeVariable, value: type, message: one.m });
  }
}

// A candidate is no personal data, or undecided again; a span that is not right is taken away.
export function reject(key) {
  const one = fragment(key);
  if (!one || state.finished) return;
  if (one.kind === "span") {
    forget(`span ${one.id}`);
    perform({ do: "remove", span: one.id, message: one.m });
  } else perform({ do: one.state === "rejected" ? "undecide" : "reject", candidate: one.id, message: one.m });
}

export function add(messageId, start, end, type) {
  if (!state.finished) perform({ do: "add", message: messageId, start, end, type });
}

// Move one boundary by one character; a candidate is accepted by that.
export function move(key, edge, by) {
  const one = fragment(key);
  const text = one && textElement(one.m);
  if (!text || state.finished || !isWhole(text)) return;
  const before = placeOf(key);
  const start = before.start + (edge === "start" ? by : 0);
  const end = before.end + (edge === "end" ? by : 0);
  if (start < 0 || end > points(storedText(text)) || start >= end) return;
  const what = one.kind === "span" ? { span: one.id, type: one.t } : { candidate: one.id };
  perform({ do: "move", ...what, at: key, message: one.m, start, end });
}

export function describe(key) {
  const one = fragment(key);
  if (!one) return null;
  const name = page.typeLabels[one.t] ?? one.t;
  if (one.kind === "candidate") {
    return { name: one.state === "rejected" ? name : `${name}?`, why: one.state === "rejected" ? words.rejected : one.why, kind: one.state };
  }
  const from = one.c ? state.candidates.get(one.c) : null;
  return { name, why: from?.why ?? words.byHand, kind: "span" };
}
