// From one conversation to the next without a reload: its page was fetched ahead, what differs is swapped in,
// and the server is told that it was opened. Keys pressed meanwhile are kept and come after.

import { post } from "./api.js";
import { dataOf, fetchPage, forget } from "./fetching.js";
import { condition, isBusy, show as showView } from "./queue.js";
import { base, makeUnit, on, open, page, state, take, tell, unitAt, words } from "./state.js";

const panel = document.getElementById("questions");
const types = document.querySelector("#type-menu ul");
const asks = panel.querySelector(".questions");
const panels = new Map(); // round -> [what is asked, kinds of fragments]; kept, as they are the same for a round
const finishedHere = new Set();
let leaving = ""; // a page outside coding that waits until everything is saved
let opening = false;

export const isOpening = () => opening;

// The next conversation of the queue, as far as this page can know it.
export function nextAddress() {
  const next = state.finished ? (page.following ?? page.next) : page.next;
  return next && !finishedHere.has(next) && next !== base ? next : null;
}

export const markFinished = (address) => finishedHere.add(address);
export const markOpen = (address) => finishedHere.delete(address);

// Another page of the site: as soon as nothing waits.
export function leave(address) {
  leaving = address;
  opening = true;
  document.body.classList.add("is-opening");
  if (!condition().count) location.assign(address);
}
on("queue", () => {
  if (!leaving) return;
  const { count, trouble } = condition();
  if (!count) location.assign(leaving);
  else if (trouble) stay();
});

function stay() {
  leaving = "";
  opening = false;
  document.body.classList.remove("is-opening");
}

export async function go(address, { record = true } = {}) {
  if (opening) return;
  const unit = unitAt(address);
  if (unit && panels.has(unit.page.round)) return swap(unit, record);
  const entry = fetchPage(address);
  if (entry.ready) return swapIn(address, entry.ready, record);
  opening = true;
  document.body.classList.add("is-opening");
  const doc = await entry.doc;
  opening = false;
  document.body.classList.remove("is-opening");
  if (doc) return swapIn(address, doc, record);
  // Signed out, taken away or no network: the server's own page says which.
  leave(address);
}

function swapIn(address, doc, record) {
  const data = dataOf(doc);
  if (!panels.has(data.round)) {
    const parts = [doc.querySelector("#questions .questions"), doc.querySelector("#type-menu ul")];
    panels.set(data.round, parts.map((part) => [...part.childNodes].map((node) => document.adoptNode(node))));
  }
  swap(makeUnit(address, data, document.adoptNode(doc.querySelector(".thread__list"))), record);
}

function swap(unit, record) {
  forget(unit.base);
  document.activeElement?.blur?.();
  tell("leaving");
  const sameRound = unit.page.round === page.round;
  document.querySelector(".thread__list").replaceWith(unit.thread);
  open(unit, isBusy);
  if (!sameRound) {
    const [questions, kinds] = panels.get(page.round);
    asks.replaceChildren(...questions);
    types.replaceChildren(...kinds);
    window.htmx?.process(asks);
  }
  describe();
  if (record) history.pushState(null, "", unit.base);
  document.querySelector(".thread").scrollTop = 0;
  panel.scrollTop = 0;
  begin();
}

// What the page says about the conversation, in the places around it.
function describe() {
  document.title = page.documentTitle;
  for (const element of document.querySelectorAll("[data-from]:not([name])")) {
    element.textContent = page[element.dataset.from] ?? "";
  }
  for (const link of document.querySelectorAll("[data-address]")) {
    const address = page[link.dataset.address];
    link.hidden = !address;
    if (address) link.href = address;
  }
  // After a unit of a training its key can be read; the first answer stands.
  const key = document.getElementById("key-link");
  key.hidden = !page.feedback;
  if (page.feedback) key.href = page.feedback;
  document.getElementById("reopen").hidden = Boolean(page.feedback);
}

export function begin() {
  showView();
  for (const element of document.querySelectorAll("[data-while]")) element.hidden = (element.dataset.while === "finished") !== state.finished;
  tell("opened");
  tell("ready");
  tellServer();
  const next = nextAddress();
  if (next) setTimeout(() => fetchPage(next), 150);
}

// The log records who opened what; what the reply says is newer than what was fetched ahead.
async function tellServer() {
  const address = base;
  const { outcome, reply } = await post(address, "open/", {});
  if (outcome === "denied") tell("denied", reply?.problem ?? "");
  const unit = unitAt(address);
  if (outcome !== "done" || !unit || isBusy(address)) return;
  const stored = JSON.stringify(unit.stored.units);
  take(unit, { units: reply.units, finished: reply.finished });
  if (address === base && JSON.stringify(unit.stored.units) !== stored) {
    showView();
    tell("reply", {});
  }
}

export function prepare() {
  panels.set(page.round, [[...asks.childNodes], [...types.childNodes]]);
  addEventListener("popstate", () => {
    if (location.pathname !== base) go(location.pathname, { record: false });
  });
}

on("opened", () => document.getElementById("opened-said").textContent = `${words.opened} ${page.title}`);
