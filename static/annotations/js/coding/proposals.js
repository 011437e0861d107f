// What can be proposed as the answer to a question of a message or a fragment. A proposal is drawn as one and becomes a code
// only when the coder confirms it; the code then remembers where it came from.
//
// rules: variable -> {rule, …} as annotations/coding/rules_json.py writes them.

// message: {spans: [answers of each fragment], waiting: candidates nobody decided on, replied, nothing: the
// coder said that the rest of the thread has nothing}; of a fragment {who: whose the detector says that it is}.
// Gives the value, or null.
export function proposalFor(rule, message) {
  if (!rule) return null;
  if (rule.rule === "subject") return rule.among.includes(message.who) ? message.who : null;
  if (rule.rule === "union_of_spans") {
    const kinds = new Set(message.spans.map((answers) => answers[rule.from]));
    const found = rule.among.filter((kind) => kinds.has(kind));
    return found.length ? found : null;
  }
  if (rule.rule === "marked") {
    if (message.spans.length) return rule.yes;
    return message.nothing && !message.waiting ? rule.no : null;
  }
  return rule.rule === "reply_in_thread" && message.replied ? rule.yes : null;
}
