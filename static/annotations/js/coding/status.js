// Says what is saved, and nothing else: the words follow the queue, never a wish.

import { conflicts } from "./conflict.js";
import { again as tryAgain, condition, dropAside, retry, setAside } from "./queue.js";
import { base, on, say, words } from "./state.js";

const line = document.getElementById("save");
const notice = document.getElementById("trouble");
const noticeText = notice.querySelector("p");
const signIn = document.getElementById("trouble-sign-in");
const now = document.getElementById("trouble-retry");
const aside = document.getElementById("aside");
const asideList = aside.querySelector("ul");

let refused = "";
let typing = false;

export function show() {
  const { trouble, count, sending, problem } = condition();
  const left = setAside().length;
  let mode = "saved";
  let text = words.saved;
  if (trouble === "out") [mode, text] = ["failed", say(words.signedOut, { n: count })];
  else if (trouble === "denied" || refused) [mode, text] = ["failed", words.notSaved];
  else if (trouble === "busy") [mode, text] = ["waiting", say(words.busy, { n: count })];
  else if (trouble === "offline") [mode, text] = ["waiting", say(words.waiting, { n: count })];
  else if (left) [mode, text] = ["failed", say(words.aside, { n: left })];
  else if (conflicts.size) [mode, text] = ["conflict", say(words.conflict, { n: conflicts.size })];
  else if (typing) [mode, text] = ["saving", words.typing];
  else if (count || sending) [mode, text] = ["saving", words.saving];
  if (line.dataset.state !== mode) line.dataset.state = mode;
  if (line.textContent !== text) line.textContent = text;
  const long = {
    out: words.signedOutLong, offline: words.offlineLong, denied: problem || words.deniedLong, busy: problem || words.busyLong,
  }[trouble] ?? refused;
  if (noticeText.textContent !== long) noticeText.textContent = long;
  notice.hidden = !long;
  signIn.hidden = trouble !== "out";
  now.hidden = trouble !== "offline" && trouble !== "busy";
  showAside();
}

// What the server did not store, with where it was done and why, until somebody has seen to it.
function showAside() {
  const entries = setAside();
  aside.hidden = !entries.length;
  asideList.replaceChildren(...entries.map(({ action, problem }) => {
    const item = document.createElement("li");
    const place = document.createElement("a");
    place.href = action.base;
    place.dataset.opens = "";
    place.textContent = action.title;
    const what = action.do === "answer"
      ? document.getElementById(`n-${action.variable}`)?.firstChild.textContent.trim() ?? action.variable
      : ["finish", "keep"].includes(action.do) ? words.finish : words.fragment;
    item.append(place, `: ${what}. ${problem || words.asideWhy}`);
    return item;
  }));
}

on("queue", show);
on("opened", () => {
  refused = "";
  show();
});
on("denied", (problem) => {
  refused = problem || words.deniedLong;
  show();
});
on("typing", (is) => {
  typing = is;
  show();
});
on("conflicts", show);
now.addEventListener("click", retry);
aside.addEventListener("click", (event) => {
  const act = event.target.closest("button")?.value;
  if (act === "again") tryAgain();
  else if (act === "drop") dropAside();
});

addEventListener("beforeunload", (event) => {
  if (typing || condition().count) event.preventDefault();
});
// A page that comes back out of the browser's memory may show what is no longer so.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
