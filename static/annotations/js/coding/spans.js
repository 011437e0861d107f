// Fragments: accept, reject, give another type, move, remove, add. The screen shows at once what was
// asked for, with a mark that waits; the reply brings the text as it is stored.

import { forget } from "./conflict.js";
import { isWhole, points, storedText } from "./offsets.js";
import { pending, push } from "./queue.js";
import { fragment, page, state, textElement, words } from "./state.js";
import { rememberReply } from "./undo.js";

export function accept(key, type) {
  const one = fragment(key);
  if (!one || state.finished) return;
  if (one.kind === "span") {
    if (type && type !== one.t) retype(one, type);
    return;
  }
  one.entry.state = "waiting";
  const id = push({ do: "accept", candidate: one.id, message: one.m, ...(type ? { type } : {}) });
  rememberReply(id, (reply) => ({ do: "remove", span: reply.span, message: one.m }));
}

function retype(span, type) {
  const id = push({ do: "answer", unit: `s${span.id}`, variable: page.typeVariable, value: type, message: span.m });
  rememberReply(id, () => ({ do: "answer", unit: `s${span.id}`, variable: page.typeVariable, value: span.t, message: span.m }));
}

// A candidate is no personal data; a span that is not right is taken away.
export function reject(key) {
  const one = fragment(key);
  if (!one || state.finished) return;
  if (one.kind === "span") remove(one);
  else if (one.state === "rejected") undecide(one);
  else {
    one.entry.state = "waiting";
    const id = push({ do: "reject", candidate: one.id, message: one.m });
    rememberReply(id, () => ({ do: "undecide", candidate: one.id, message: one.m }));
  }
}

function undecide(candidate) {
  const id = push({ do: "undecide", candidate: candidate.id, message: candidate.m });
  rememberReply(id, () => ({ do: "reject", candidate: candidate.id, message: candidate.m }));
}

function remove(span) {
  const answers = state.units[`s${span.id}`]?.a ?? {};
  const restore = Object.fromEntries(
    Object.entries(answers)
      .filter(([variable, [value]]) => variable !== page.typeVariable && value !== null)
      .map(([variable, [value]]) => [variable, value]),
  );
  forget(`span ${span.id}`);
  const id = push({ do: "remove", span: span.id, message: span.m });
  rememberReply(id, () => ({ do: "add", message: span.m, start: span.s, end: span.e, type: span.t, restore }));
}

export function add(messageId, start, end, type) {
  if (state.finished) return;
  const id = push({ do: "add", message: messageId, start, end, type });
  rememberReply(id, (reply) => ({ do: "remove", span: reply.span, message: messageId }));
}

// Move one boundary by one character; a candidate is accepted by that.
export function move(key, edge, by) {
  const one = fragment(key);
  const text = one && textElement(one.m);
  if (!text || state.finished || !isWhole(text)) return;
  // From where it will be, once what waits is saved.
  const before = pending().findLast((action) => action.do === "move" && action.at === key) ?? { start: one.s, end: one.e };
  const start = before.start + (edge === "start" ? by : 0);
  const end = before.end + (edge === "end" ? by : 0);
  if (start < 0 || end > points(storedText(text)) || start >= end) return;
  const what = one.kind === "span" ? { span: one.id, type: one.t } : { candidate: one.id };
  const first = one.kind === "candidate" && before.at === undefined;
  if (first) one.entry.state = "waiting";
  const id = push({ do: "move", ...what, at: key, message: one.m, start, end });
  rememberReply(id, (reply) =>
    first
      ? { do: "remove", span: reply.span, message: one.m }
      : { do: "move", span: reply.span, message: one.m, start: before.start, end: before.end, type: one.t },
  );
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
