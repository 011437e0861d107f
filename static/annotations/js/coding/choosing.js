// Answering by key: the active question takes its categories' keys and the arrows left and right.

import { activeQuestion, choose, fragmentHasKeys } from "./questions.js";

const ARROWS = { ArrowLeft: -1, ArrowRight: 1 };

// true: the key was used. A key that is held answers once.
export function pick({ key, repeat }) {
  const q = activeQuestion();
  if (!q || fragmentHasKeys()) return false;
  if (key in ARROWS) return walk(q, ARROWS[key]);
  const choice = [...q.querySelectorAll(".choice")].find((one) => one.dataset.key === key);
  if (!choice) return false;
  if (!repeat) choose(q, choice.querySelector("input"), { go: true });
  return true;
}

// Arrows move the focus along the choices; the space bar chooses. (A browser would choose at once.)
function walk(q, by) {
  const all = [...q.querySelectorAll(".choice input")];
  const place = all.indexOf(document.activeElement);
  if (!all.length) return false;
  all[Math.min(Math.max(place + by, 0), all.length - 1)].focus();
  return true;
}
