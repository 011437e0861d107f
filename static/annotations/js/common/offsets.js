// The only place where JavaScript's UTF-16 units meet the server's code points.
//
// A message's text on screen consists of text nodes. One inside [data-stored] is an atom: it stands for
// the stored characters whose numbers the attribute gives (an entity, a character that cannot be seen).
// All others show their stored characters one to one. Offsets are code points of the stored text.

export function points(string) {
  let count = 0;
  for (const _ of string) count += 1;
  return count;
}

// UTF-16 units before the code point at `place`.
export function units(string, place) {
  let index = 0;
  for (let count = 0; count < place && index < string.length; count += 1) {
    index += string.codePointAt(index) > 0xffff ? 2 : 1;
  }
  return index;
}

// [{node, start, end, stored, atom}] in reading order.
export function leaves(text) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const found = [];
  let start = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const atom = node.parentElement.closest("[data-stored]");
    const stored = atom
      ? String.fromCodePoint(...atom.dataset.stored.split(".").map((number) => parseInt(number, 16)))
      : node.data;
    const end = start + points(stored);
    found.push({ node, start, end, stored, atom });
    start = end;
  }
  return found;
}

export function storedText(text) {
  return leaves(text).map((leaf) => leaf.stored).join("");
}

// Whether the screen accounts for every stored character; if not, nothing may be marked on it.
export function isWhole(text) {
  return points(storedText(text)) === Number(text.dataset.length);
}

export function quote(text, start, end) {
  return [...storedText(text)].slice(start, end).join("");
}

// The stored offset of a place in the document. `late`: a place inside an atom counts as behind it.
export function offsetAt(text, node, offset, late = false) {
  const probe = document.createRange();
  probe.setStart(text, 0);
  probe.setEnd(node, offset);
  let last = 0;
  for (const leaf of leaves(text)) {
    if (leaf.node === probe.endContainer) {
      if (leaf.atom) return probe.endOffset === 0 || (!late && probe.endOffset < leaf.node.length) ? leaf.start : leaf.end;
      // Never between the two halves of one character.
      return leaf.start + points(leaf.node.data.slice(0, probe.endOffset).replace(/[\ud800-\udbff]$/, ""));
    }
    if (probe.comparePoint(leaf.node, leaf.node.length) > 0) return last;
    last = leaf.end;
  }
  return last;
}

export function rangeOf(text, start, end) {
  const range = document.createRange();
  const all = leaves(text);
  const first = all.find((leaf) => start < leaf.end) ?? all.at(-1);
  const final = all.findLast((leaf) => end > leaf.start) ?? all[0];
  if (!first || !final) return null;
  range.setStart(first.node, first.atom ? 0 : units(first.node.data, start - first.start));
  range.setEnd(final.node, final.atom ? final.node.length : units(final.node.data, end - final.start));
  return range;
}

// The selection as {text, start, end}, without spaces around it and cut off where the message ends in which it
// begins (a triple click, a drag past the end); null if it touches no message.
export function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const element = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
  const textOf = (node) => element(node)?.closest(".msg__text[data-length]");
  const text = textOf(range.startContainer) ?? textOf(range.endContainer);
  if (!text) return null;
  const all = [...storedText(text)];
  let start = text.contains(range.startContainer) ? offsetAt(text, range.startContainer, range.startOffset) : 0;
  let end = text.contains(range.endContainer) ? offsetAt(text, range.endContainer, range.endOffset, true) : all.length;
  while (start < end && /^\s$/u.test(all[start])) start += 1;
  while (end > start && /^\s$/u.test(all[end - 1])) end -= 1;
  return start < end ? { text, start, end } : null;
}
