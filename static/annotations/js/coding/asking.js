// A question to the supervisor about what is on the screen: the fragment, the active question, the message or the
// conversation, whichever the coder is at.

import { post } from "./api.js";
import { quote } from "../common/offsets.js";
import { activeQuestion } from "./questions.js";
import { unitOf } from "./question.js";
import { base, fragment, page, state, textElement, words } from "./state.js";

const dialog = document.getElementById("ask-dialog");
const form = dialog.querySelector("form");
const field = document.getElementById("ask-text");
const kind = document.getElementById("ask-kind"); // a question, or a proposal for the codebook
const error = document.getElementById("ask-error");
const said = document.getElementById("opened-said");
let about = {};

const row = (name) => form.querySelector(`[data-about="${name}"]`);

export function askSomething() {
  const q = activeQuestion();
  const marked = fragment(state.focus);
  about = {
    message: state.current,
    variable: q?.dataset.variable ?? null,
    ofConversation: q ? unitOf(q) === "c" : false,
    place: marked ? [marked.m, marked.s, marked.e] : null,
  };
  row("fragment").hidden = !about.place;
  if (marked) row("fragment").querySelector("q").textContent = quote(textElement(marked.m), marked.s, marked.e);
  row("variable").hidden = !q;
  if (q) row("variable").querySelector("span").textContent = document.getElementById(`n-${about.variable}`)?.textContent.trim() ?? about.variable;
  const first = about.place ? "fragment" : q ? "variable" : "message";
  form.elements.about.value = first;
  error.hidden = true;
  dialog.showModal();
  field.focus();
}

function asked() {
  const which = form.elements.about.value;
  const body = { text: field.value, message: null, variable: null, start: null, end: null };
  if (which === "fragment") [body.message, body.start, body.end] = about.place;
  if (which === "variable") {
    body.variable = about.variable;
    body.message = about.ofConversation ? null : about.message;
  }
  if (which === "message") body.message = about.message;
  return body;
}

form.addEventListener("submit", async (event) => {
  const way = event.submitter?.value ?? "ask";
  if (way === "close") return;
  event.preventDefault();
  const proposes = kind.value;
  const body = asked();
  const { outcome, reply } = proposes
    ? await post(page.proposeAt, "", { kind: proposes, text: body.text, message: body.message ?? about.message, variable: body.variable ?? about.variable })
    : await post(page.askAt, "", body);
  if (outcome !== "done") {
    error.textContent = reply?.problem ?? words.notAsked;
    error.hidden = false;
    return;
  }
  field.value = "";
  dialog.close();
  kind.value = "";
  said.textContent = proposes ? words.proposed : words.asked;
  if (way === "aside") document.getElementById("skip").click();
});

dialog.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || (!event.ctrlKey && !event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[value=ask]"));
});

document.getElementById("ask").addEventListener("click", askSomething);
