// What the screen shows: what is stored, with every action applied that waits to be saved, and what follows
// from it: the questions that are asked, those that are open, and what is proposed.

import { proposalFor } from "./proposals.js";
import { contradictionsIn, isGiven, questionsOf } from "./rules.js";
import { page, state, tell, unitAt, base } from "./state.js";

// The view as the waiting actions will leave it.
export function rebuild(waiting) {
  const { stored } = unitAt(base);
  state.units = Object.fromEntries(Object.entries(stored.units).map(([key, unit]) => [key, { a: { ...unit.a } }]));
  state.spans = new Map([...stored.spans].map(([id, span]) => [id, { ...span }]));
  state.candidates = new Map([...stored.candidates].map(([id, candidate]) => [id, { ...candidate }]));
  state.finished = stored.finished;
  state.kept = new Set(stored.kept);
  for (const action of waiting) if (action.base === base) apply(action);
  decide();
  tell("view");
}

function apply(action) {
  const { do: what } = action;
  if (what === "answer") answer(action);
  else if (what === "add") makeSpan(action.temp, action.message, action.start, action.end, action.type, null);
  else if (what === "accept" || (what === "move" && action.candidate)) accept(action);
  else if (what === "move") move(action);
  else if (what === "remove") remove(action.span);
  else if (what === "keep") state.kept.add(`${action.rule} ${action.unit}`);
  else if (what === "reject" || what === "undecide") decideOn(action.candidate, what === "reject" ? "rejected" : "open");
}

function answer({ unit, variable, value }) {
  const known = state.units[unit];
  if (!known) return;
  known.a[variable] = [value, known.a[variable]?.[1] ?? 0];
  const span = unit[0] === "s" && state.spans.get(Number(unit.slice(1)));
  if (span && variable === page.typeVariable) span.t = value;
}

function makeSpan(id, m, s, e, t, c) {
  state.spans.set(id, { id, m, s, e, t, c, r: 0 });
  state.units[`s${id}`] = { a: { [page.typeVariable]: [t, 0] } };
}

function accept({ candidate: id, temp, type, start, end }) {
  const candidate = state.candidates.get(id);
  if (!candidate || candidate.state === "decided") return;
  candidate.state = "decided";
  makeSpan(temp, candidate.m, start ?? candidate.s, end ?? candidate.e, type ?? candidate.t, id);
}

function move({ span: id, start, end }) {
  const span = state.spans.get(id);
  if (span) Object.assign(span, { s: start, e: end });
}

function remove(id) {
  const span = state.spans.get(id);
  if (!span) return;
  state.spans.delete(id);
  delete state.units[`s${id}`];
  decideOn(span.c, "open");
}

function decideOn(id, what) {
  const candidate = state.candidates.get(id);
  if (candidate) candidate.state = what;
}

const answersIn = (unit) => Object.fromEntries(Object.entries(unit?.a ?? {}).map(([variable, [value]]) => [variable, value]));

function decide() {
  const { rules } = page;
  state.contradictions = [];
  const units = page.messages.map(([id, role, replied]) => {
    const spans = [...state.spans.values()].filter((span) => span.m === id);
    const parts = spans.map((span) => {
      const unit = { level: "span", role, answers: answersIn(state.units[`s${span.id}`]), parts: [] };
      const about = { who: state.candidates.get(span.c)?.who };
      const propose = (rule) => (state.finished ? null : proposalFor(page.proposals[rule.key], about));
      const found = questionsOf(rules, unit, propose);
      const proposed = found.show.map((key) => [key, propose({ key })]).filter(([, value]) => value !== null);
      Object.assign(state.units[`s${span.id}`], found, { propose: Object.fromEntries(proposed) });
      return unit;
    });
    const answers = answersIn(state.units[`m${id}`]);
    const waiting = [...state.candidates.values()].some((one) => one.m === id && one.state === "open");
    const facts = { spans: parts.map((part) => part.answers), waiting, replied, nothing: state.nothing.has(id) };
    const propose = (rule) => (state.finished ? null : proposalFor(page.proposals[rule.key], facts));
    const unit = { level: "message", role, answers, parts };
    const found = questionsOf(rules, unit, propose);
    const proposed = found.show.map((key) => [key, propose({ key })]).filter(([, value]) => value !== null);
    state.units[`m${id}`] = { a: {}, ...state.units[`m${id}`], ...found, propose: Object.fromEntries(proposed) };
    contradict(`m${id}`, unit);
    return unit;
  });
  const whole = { level: "conversation", role: "", answers: answersIn(state.units.c), parts: units };
  state.units.c = { a: {}, ...state.units.c, ...questionsOf(rules, whole), propose: {} };
  contradict("c", whole);
  state.open = Object.values(state.units).reduce((sum, unit) => sum + (unit.open?.length ?? 0), 0);
}

// Answers that contradict each other, and of which nobody said that they are right all the same.
function contradict(key, unit) {
  for (const rule of contradictionsIn(page.rules, page.consistency, unit)) {
    if (!state.kept.has(`${rule.key} ${key}`)) state.contradictions.push({ unit: key, rule });
  }
}

export const valueOf = (unit, variable) => state.units[unit]?.a[variable]?.[0] ?? null;

// The proposal for a question that has no answer of its own; null if there is none.
export function proposalOf(unit, variable) {
  return isGiven(valueOf(unit, variable)) ? null : (state.units[unit]?.propose?.[variable] ?? null);
}

// Variables of a unit whose proposals wait to be confirmed, in the codebook's order.
export const proposedIn = (unit) =>
  state.finished ? [] : Object.keys(state.units[unit]?.propose ?? {}).filter((key) => proposalOf(unit, key) !== null);
