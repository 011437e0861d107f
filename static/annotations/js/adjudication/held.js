// Keys pressed while the next unit is on its way are kept, and used as soon as it is there.

let holding = 0;
let kept = [];
let use = () => {};

const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Tab"]);

// `handle`: uses a key and says whether it did.
export function useKeys(handle) {
  use = handle;
}

// true: the key was kept.
export function keep(event) {
  if (!holding || MODIFIERS.has(event.key) || event.isComposing) return false;
  const { key, ctrlKey, metaKey, altKey, shiftKey, repeat } = event;
  kept.push({ key, ctrlKey, metaKey, altKey, shiftKey, repeat });
  return true;
}

export function hold() {
  holding += 1;
}

export function release() {
  holding -= 1;
  while (!holding && kept.length) {
    const pressed = { ...kept.shift(), target: document.activeElement ?? document.body };
    if (!use(pressed)) type(pressed);
  }
}

// What a browser does by itself with a key that nobody used.
function type({ key, target, ctrlKey, metaKey }) {
  if (ctrlKey || metaKey || !target.setRangeText || target.type === "radio" || target.type === "checkbox") return;
  const { selectionStart: start, selectionEnd: end } = target;
  if (key.length === 1 || (key === "Enter" && target.matches("textarea"))) {
    target.setRangeText(key === "Enter" ? "\n" : key, start, end, "end");
  } else if (key === "Backspace") {
    target.setRangeText("", start === end ? Math.max(0, start - 1) : start, end, "end");
  } else return;
  target.dispatchEvent(new Event("input", { bubbles: true }));
}
