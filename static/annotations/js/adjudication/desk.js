// From one unit to the next without loading a page: the next one is fetched ahead and put in place at once, a
// decision is sent behind it. Keys pressed while a unit is on its way are kept for it (see held.js), and what
// was filled in on a unit and not recorded is there again when one comes back to it.

import { hold, release } from "./held.js";
import { bindUnit, fill, filledIn } from "./unit.js";

const UNIT = /\/(disagreements\/\d+\/[-\w]+\/(message|conversation)|screening\/\d+\/settle)\/\d+\/$/;
const ready = new Map(); // address -> page that was fetched ahead
const fetching = new Map(); // address -> promise of it
const drafts = new Map(); // path of a unit -> what was filled in and not recorded
const refused = new Map(); // path of a unit -> the server's answer to a decision that it did not record
const recorded = new Set(); // paths of units recorded from this page
let untouched = ""; // what the form held when it came
let sending = Promise.resolve();
let unsent = 0;
let isLeaving = false;

const form = () => document.getElementById("decision");
const whole = (address) => new URL(address, location.href).href;
const pathOf = (address) => new URL(address, location.href).pathname;
const current = () => pathOf(form().getAttribute("action"));
const isChanged = () => JSON.stringify(filledIn(form())) !== untouched;

async function load(address, options = {}) {
  const response = await fetch(address, { headers: { Accept: "text/html" }, ...options });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { address: response.url, isDone: response.redirected && response.ok, page };
}

// Opening a unit leaves no trace on the server, so it may be fetched before anybody asks for it.
function fetchAhead(link) {
  if (!link) return;
  const address = whole(link);
  if (ready.has(address) || fetching.has(address)) return;
  const coming = load(address)
    .then((answer) => {
      if (answer.page.getElementById("decision")) ready.set(address, answer);
      return answer;
    })
    .catch(() => null)
    .finally(() => fetching.delete(address));
  fetching.set(address, coming);
}

function keepDraft() {
  if (isChanged()) drafts.set(current(), filledIn(form()));
  else drafts.delete(current());
}

// Puts a unit that came from the server in the place of the one that is there.
function show({ address, page, isRefused = false }, { push = true } = {}) {
  const next = page.getElementById("decision");
  if (!next) {
    isLeaving = !drafts.size; // a page without a unit: nothing waits any more, or somebody signed out
    location.assign(address);
    return;
  }
  document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
  document.getElementById("reveal")?.remove();
  const reveal = page.getElementById("reveal");
  if (reveal) document.body.append(document.adoptNode(reveal));
  document.title = page.title;
  if (push) history.pushState(null, "", next.getAttribute("action"));
  begin();
  if (isRefused) untouched = ""; // the server filled in what it did not record
}

// The unit on the page as it stands: what was filled in before, and what comes after it.
export function begin() {
  bindUnit();
  untouched = JSON.stringify(filledIn(form()));
  const draft = drafts.get(current());
  if (draft) fill(form(), draft);
  document.querySelector(".queue a[aria-current]")?.scrollIntoView({ block: "nearest" });
  document.getElementById("unit")?.scrollIntoView({ block: "nearest" });
  if (location.hash !== "#decision") (form().querySelector("[name=settlement]:checked") ?? form()).focus({ preventScroll: true });
  fetchAhead(form().dataset.nextOpen);
  fetchAhead(document.getElementById("next")?.href);
}

export async function visit(address, { push = true, options = {} } = {}) {
  keepDraft();
  const path = pathOf(address);
  const known = refused.get(path) ?? (options.method ? null : ready.get(address));
  refused.delete(path);
  ready.delete(address);
  if (known) {
    show(known, { push });
    return;
  }
  hold();
  try {
    // What is being sent first: the unit may say that it was recorded.
    await sending;
    show((options.method ? null : await fetching.get(address)) ?? (await load(address, options)), { push });
    ready.delete(address);
  } catch {
    notReached();
  } finally {
    release();
  }
}

function notReached() {
  document.getElementById("request-failed").hidden = false;
}

// Records the decision and goes on.
export function record(button) {
  if (!form().querySelector("[name=settlement]:checked")) {
    document.getElementById("no-value").hidden = false;
    form().querySelector("[name=settlement]").focus();
    return;
  }
  const unit = {
    action: form().action,
    path: current(),
    filled: filledIn(form()),
    title: form().querySelector("h2").textContent,
    body: new URLSearchParams(new FormData(form(), button)),
  };
  recorded.add(unit.path);
  untouched = JSON.stringify(unit.filled);
  for (const address of ready.keys()) if (pathOf(address) === unit.path) ready.delete(address);
  const next = form().dataset.nextOpen;
  // What comes next is known, unless it is the last one or was recorded a moment ago itself.
  const isKnown = next && !recorded.has(pathOf(next));
  const answer = send(unit);
  if (isKnown) visit(whole(next));
  else {
    hold();
    answer.then((page) => page && show(page)).finally(release);
  }
}

function post(sent, button = null) {
  visit(sent.action, { push: false, options: { method: "POST", body: new URLSearchParams(new FormData(sent, button)) } });
}

// Takes the decision back; the reason that was filled in goes along.
function withdraw(button) {
  untouched = JSON.stringify(filledIn(form()));
  recorded.delete(current());
  post(form(), button);
}

// Does something once everything is sent.
export function afterSending(act) {
  hold();
  sending.finally(() => {
    act();
    release();
  });
}

// One after the other, in the order in which they were made. Gives the answer if it was recorded.
function send(unit) {
  unsent += 1;
  const answer = sending
    .then(() => load(unit.action, { method: "POST", body: unit.body, keepalive: true }))
    .then((page) => {
      if (page.isDone && !page.address.includes("/sign-in/")) return caughtUp(page);
      return refuse(unit, page);
    })
    .catch(() => {
      notReached();
      return refuse(unit, null);
    })
    .finally(() => {
      unsent -= 1;
    });
  sending = answer;
  return answer;
}

// The list, the counts and what comes next, as they are after a decision.
function caughtUp(answer) {
  const next = answer.page.getElementById("decision");
  const counts = answer.page.querySelector(".topbar nav");
  if (counts) document.querySelector(".topbar nav")?.replaceWith(document.adoptNode(counts));
  if (!next || pathOf(next.getAttribute("action")) !== current() || recorded.has(current())) return answer;
  document.querySelector(".queue").replaceWith(document.importNode(answer.page.querySelector(".queue"), true));
  document.querySelector(".settle__definition").replaceWith(
    document.importNode(answer.page.querySelector(".settle__definition"), true),
  );
  form().dataset.nextOpen = next.dataset.nextOpen ?? "";
  fetchAhead(form().dataset.nextOpen);
  return answer;
}

// Not recorded: shown at once if nothing was begun since, else with a way back to it.
function refuse(unit, answer) {
  const isHere = current() === unit.path;
  recorded.delete(unit.path);
  if (isHere) untouched = "";
  else drafts.set(unit.path, unit.filled);
  if (answer?.page.getElementById("decision")) {
    refused.set(unit.path, { ...answer, isRefused: true });
    if (isHere || !isChanged()) {
      visit(unit.action);
      return null;
    }
  }
  if (isHere) return null;
  const notice = document.getElementById("not-recorded").content.cloneNode(true);
  const link = notice.querySelector("a");
  link.href = unit.action;
  link.textContent = unit.title;
  document.querySelector(".panel__pad").prepend(notice);
  return null;
}

export function prepareDesk() {
  history.replaceState(null, "", form().getAttribute("action") + location.hash);
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (sent.id !== "reveal" && sent.id !== "decision") return;
    event.preventDefault();
    if (sent.id === "reveal") post(sent);
    else if (event.submitter?.value === "withdraw") withdraw(event.submitter);
    else record(event.submitter ?? document.getElementById("save"));
  });
  // The second click of a double click would be about the next unit.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest?.("#save")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#main a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!UNIT.test(link.pathname)) return;
    event.preventDefault();
    visit(link.href);
  });
  addEventListener("popstate", () => visit(location.href, { push: false }));
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && (unsent || drafts.size || isChanged())) event.preventDefault();
  });
  begin();
}
