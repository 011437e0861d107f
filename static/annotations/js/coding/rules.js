// Which questions are asked of a unit, and which of them are open: what annotations/codebooks/conditions.py
// decides on the server, decided here at once. Both are tested against tests/files/conditions.json.
//
// rules: level -> [{key, role, required, show: {here, below}, needs: {here, below}}], in the codebook's order.
// unit: {level, role, answers: {variable: value}, parts: [units of the level below]}.

const UNDETERMINED = 98;

// Whether a coder has answered: 97 and 98 are answers too, nothing chosen is none.
export function isGiven(value) {
  return value !== null && value !== undefined && value !== 99 && value !== "" && !(Array.isArray(value) && !value.length);
}

function holds(value, wanted) {
  if (typeof value === "number") return value === UNDETERMINED && wanted.includes("*");
  if (!isGiven(value)) return false;
  if (wanted.includes("*")) return true;
  return Array.isArray(value) ? value.some((one) => wanted.includes(one)) : wanted.includes(value);
}

const allHold = (tests, answers) => tests.every(([key, wanted]) => holds(answers[key], wanted));

const partsAt = (unit, level) => unit.parts.flatMap((part) => (part.level === level ? [part] : partsAt(part, level)));

// What counts in the units below, worked out once and only if a condition asks.
function belowOf(rules, unit) {
  const known = {};
  const at = (level) => (known[level] ??= partsAt(unit, level).map((part) => ask(rules, part).counted));
  return (tests) => tests.every(([level, wanted]) => at(level).some((answers) => allHold(wanted, answers)));
}

// {shown: the rules that are asked, counted: the answers that count}. One pass suffices: a condition never
// refers to a later question. `propose(rule)`: what counts while a question has no answer of its own.
export function ask(rules, unit, propose = () => null) {
  const below = belowOf(rules, unit);
  const shown = [];
  const counted = {};
  for (const rule of rules[unit.level]) {
    if (rule.role !== "any" && rule.role !== unit.role) continue;
    if (!allHold(rule.show.here, counted) || !below(rule.show.below)) continue;
    const given = unit.answers[rule.key];
    counted[rule.key] = isGiven(given) ? given : (propose(rule) ?? given ?? null);
    shown.push(rule);
  }
  return { shown, counted, below };
}

// The keys of the questions asked, and of those that must still be answered.
export function questionsOf(rules, unit, propose) {
  const { shown, counted, below } = ask(rules, unit, propose);
  const must = ({ required, needs }) =>
    needs.here.length || needs.below.length ? allHold(needs.here, counted) && below(needs.below) : required;
  return {
    show: shown.map((rule) => rule.key),
    open: shown.filter((rule) => must(rule) && !isGiven(unit.answers[rule.key])).map((rule) => rule.key),
  };
}

// The contradictions in a unit, as annotations/codebooks/consistency.py finds them; the table of cases is
// tests/files/consistency.json.
export function contradictionsIn(rules, consistency, unit) {
  const mine = consistency.filter(({ level }) => level === unit.level);
  if (!mine.length) return [];
  const { counted, below } = ask(rules, unit);
  const marked = partsAt(unit, "span").length > 0;
  return mine.filter(
    ({ fragments, when }) =>
      (!fragments || marked === (fragments === "some")) && allHold(when.here, counted) && below(when.below),
  );
}

// The questions that one rests on: those its condition names, and those they rest on.
export function restsOn(rules, level, key) {
  const rule = rules[level].find((one) => one.key === key);
  const direct = rule ? rule.show.here.map(([name]) => name) : [];
  return [...new Set(direct.flatMap((name) => [...restsOn(rules, level, name), name]))];
}
