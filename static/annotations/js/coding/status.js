// Says what is saved, and nothing else: the words follow the queue, never a wish.

import { condition, pending, retry } from "./queue.js";
import { conflicts } from "./conflict.js";
import { on, say, words } from "./state.js";

const line = document.getElementById("save");
const notice = document.getElementById("trouble");
const noticeText = notice.querySelector("p");
const signIn = document.getElementById("trouble-sign-in");
const again = document.getElementById("trouble-retry");

let refused = "";
let typing = false;

export function show() {
  const { trouble, count, sending } = condition();
  let mode = "saved";
  let text = words.saved;
  if (trouble === "out") [mode, text] = ["failed", say(words.signedOut, { n: count })];
  else if (trouble === "denied") [mode, text] = ["failed", words.notSaved];
  else if (trouble === "offline") [mode, text] = ["waiting", say(words.waiting, { n: count })];
  else if (conflicts.size) [mode, text] = ["conflict", say(words.conflict, { n: conflicts.size })];
  else if (typing) [mode, text] = ["saving", words.typing];
  else if (count || sending) [mode, text] = ["saving", words.saving];
  if (line.dataset.state !== mode) line.dataset.state = mode;
  if (line.textContent !== text) line.textContent = text;
  const long = { out: words.signedOutLong, offline: words.offlineLong, denied: refused || words.deniedLong }[trouble] ?? "";
  if (noticeText.textContent !== long) noticeText.textContent = long;
  notice.hidden = !long;
  signIn.hidden = trouble !== "out";
  again.hidden = trouble !== "offline";
}

on("queue", show);
on("typing", (now) => {
  typing = now;
  show();
});
on("conflicts", show);
on("refused", ({ reply }) => {
  refused = reply.problem ?? "";
});
again.addEventListener("click", retry);

addEventListener("beforeunload", (event) => {
  if (typing || pending().length) event.preventDefault();
});
// A page that comes back out of the browser's memory may show what is no longer so.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
