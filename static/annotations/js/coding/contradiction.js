// Answers that contradict each other: before a conversation is finished, the page goes where they are and says
// so. A soft contradiction may stay; that is asked once, and the coder's word is kept.

import { push } from "./queue.js";
import { unitOf } from "./question.js";
import { activate, visible } from "./questions.js";
import { on, state } from "./state.js";
import { setCurrent, setFocus } from "./thread.js";

const notice = document.getElementById("contradiction");
const text = notice.querySelector("p");
const button = notice.querySelector("button");
let shown = null; // {unit, rule}

const isThere = () => state.contradictions.some(({ unit, rule }) => unit === shown.unit && rule.key === shown.rule.key);

function show(found) {
  shown = found;
  notice.hidden = !found;
  notice.classList.toggle("notice--error", found?.rule.kind === "hard");
  button.hidden = found?.rule.kind !== "soft";
  text.textContent = found?.rule.text ?? "";
}

// To the first contradiction, a hard one before a soft one; true if there was one.
export function toContradiction() {
  const found = state.contradictions.find(({ rule }) => rule.kind === "hard") ?? state.contradictions[0];
  if (!found) return false;
  const { unit, rule } = found;
  if (unit[0] === "m") setCurrent(Number(unit.slice(1)));
  setFocus(null);
  const about = rule.when.here.map(([variable]) => variable);
  const q = visible().find((one) => unitOf(one) === unit && about.includes(one.dataset.variable));
  if (q) activate(q, { focus: true });
  show(found);
  notice.scrollIntoView({ block: "nearest" });
  return true;
}

// So it is: kept, and onward. True if a contradiction was asked about.
export function keepContradiction() {
  if (shown?.rule.kind !== "soft") return false;
  push({ do: "keep", rule: shown.rule.key, unit: shown.unit });
  document.getElementById("onward").click();
  return true;
}

button.addEventListener("click", keepContradiction);
on("view", () => shown && !isThere() && show(null));
on("current", () => shown && shown.unit[0] === "m" && shown.unit !== `m${state.current}` && show(null));
on("leaving", () => show(null));
