// Marks in a message's text, drawn by the page itself while an action waits for the server, which draws them
// again when it replies.

import { leaves, units as unitsBefore } from "../common/offsets.js";
import { pending } from "./queue.js";
import { fragmentsOf, fragment, page, textElement } from "./state.js";

const keyOf = (action) =>
  action.span ? `s${action.span}` : action.temp ? `s${action.temp}` : action.candidate ? `c${action.candidate}` : action.unit;

export function paint(messageId) {
  const text = textElement(messageId);
  const waits = new Set(pending().filter((action) => action.message === messageId).map(keyOf));
  if (!text || !waits.size) return false;
  for (const mark of text.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
  text.normalize();
  for (const key of fragmentsOf(messageId)) draw(text, key, waits.has(key));
  return true;
}

function draw(text, key, waits) {
  const one = fragment(key);
  const type = page.types[one.t] ?? { family: "other", short: one.t };
  const by = one.kind === "span" ? (one.c ? "is-accepted" : "is-added") : one.state === "rejected" ? "is-rejected" : "is-open";
  const sign = waits ? "…" : { "is-accepted": "✓", "is-added": "+", "is-open": "?", "is-rejected": "" }[by];
  const pieces = groups(cut(text, one.s, one.e));
  pieces.forEach((nodes, place) => {
    const mark = document.createElement("mark");
    const [first, last] = [place === 0, place === pieces.length - 1];
    const piece = first && last ? "" : first ? " span--from" : last ? " span--to" : " span--mid";
    mark.className = `span span--${type.family} ${by}${waits ? " is-pending" : ""}${piece}`;
    mark.dataset.span = key;
    if (last) mark.dataset.tag = `${type.short} ${sign}`.trim();
    nodes[0].before(mark);
    mark.append(...nodes);
    if (last && /^\S/.test(mark.nextSibling?.textContent ?? "")) mark.classList.add("span--inside");
  });
}

// The nodes that show [start, end), with text nodes cut at both ends; an atom is taken whole.
function cut(text, start, end) {
  const found = [];
  for (const leaf of leaves(text)) {
    if (leaf.end <= start || leaf.start >= end) continue;
    let { node } = leaf;
    if (!leaf.atom) {
      if (end < leaf.end) node.splitText(unitsBefore(node.data, end - leaf.start));
      if (start > leaf.start) node = node.splitText(unitsBefore(node.data, start - leaf.start));
    }
    // Up to what stands beside the other nodes: out of an element that is wholly inside.
    while (node.parentNode !== text && node.parentNode.localName !== "mark" && node.parentNode.childNodes.length === 1) {
      node = node.parentNode;
    }
    found.push(node);
  }
  return found;
}

// Neighbours that one element can hold together.
function groups(nodes) {
  const found = [];
  for (const node of nodes) {
    const last = found.at(-1)?.at(-1);
    if (last && last.nextSibling === node) found.at(-1).push(node);
    else found.push([node]);
  }
  return found;
}
