// One question: the unit it is about now, and how it is drawn: asked or not, answered, proposed, in conflict.

import { box, conflictOf } from "./conflict.js";
import { inputs, inWords, isAnswer, same, write } from "./inputs.js";
import { fragment, page, state, words } from "./state.js";
import { proposalOf, valueOf } from "./view.js";

// The unit a panel's questions are about now, or null.
export function unitOf(q) {
  const level = q.closest("[data-level]").dataset.level;
  if (level === "conversation") return "c";
  if (level === "message") return state.current ? `m${state.current}` : null;
  return fragment(state.focus)?.kind === "span" ? state.focus : null;
}

// Draws it as it stands; false: it is not asked.
export function draw(q) {
  const unit = unitOf(q);
  const { variable } = q.dataset;
  const known = unit && state.units[unit];
  if (!known || !known.show.includes(variable)) return false;
  const value = valueOf(unit, variable);
  const proposed = proposalOf(unit, variable);
  if (q.dataset.unit !== unit) {
    q.querySelector(".q__input")?.blur();
    q.querySelector(".q__error").hidden = true;
    q.classList.remove("is-missing");
    q.dataset.unit = unit;
  }
  write(q, value);
  const answered = isAnswer(value);
  const open = known.open.includes(variable) && !answered;
  q.classList.toggle("is-answered", answered);
  q.classList.toggle("is-proposed", proposed !== null && !state.finished);
  if (!open) q.classList.remove("is-missing");
  q.querySelector(".q__state").textContent = answered || proposed !== null ? "" : open ? words.toCode : words.optional;
  for (const input of inputs(q)) input.disabled = state.finished;
  showEarlier(q, unit);
  showProposal(q, known, value);
  showConflict(q, unit);
  return true;
}

// In a round that codes again, with the old answers in view: what stood here under the earlier version.
function showEarlier(q, unit) {
  const line = q.querySelector(".q__earlier");
  const earlier = page.earlier?.[unit]?.[q.dataset.variable];
  line.hidden = earlier === undefined;
  if (earlier !== undefined) line.querySelector("b").textContent = earlier;
}

// What is proposed: on the choices themselves, and in words with its key.
function showProposal(q, known, value) {
  const proposed = state.finished ? undefined : known.propose?.[q.dataset.variable];
  const differs = proposed !== undefined && !same(proposed, value);
  const keys = differs ? [proposed].flat().map(String) : [];
  for (const choice of q.querySelectorAll(".choice")) {
    choice.classList.toggle("is-proposed", keys.includes(choice.querySelector("input").value));
  }
  const line = q.querySelector(".q__propose");
  line.hidden = !differs;
  if (differs) line.querySelector("b").textContent = inWords(q, proposed, "");
}

function showConflict(q, unit) {
  q.querySelector(".conflict")?.remove();
  if (conflictOf(unit, q.dataset.variable)) {
    q.append(box(`${unit} ${q.dataset.variable}`, (value) => inWords(q, value, words.nothing)));
  }
}
