// Time spent: seconds in which the page was in view and used less than a minute ago. Of two tabs only
// the one that was used last counts, and no second is sent as new twice: the server adds only to the
// total this page knew.

import { post } from "./api.js";
import { base, on, page, state } from "./state.js";

const EVERY = 30;
const IDLE = 60_000;
const OWNER = "coding-tab-in-use";
const me = crypto.randomUUID?.() ?? String(Math.random());

let clock = null; // {base, known, counted, sending} of the conversation on the screen
let lastUse = Date.now();

function used() {
  lastUse = Date.now();
  try {
    if (localStorage.getItem(OWNER) !== me) localStorage.setItem(OWNER, me);
  } catch {
    // Without storage every tab counts for itself.
  }
}

function isInUse() {
  if (!clock || state.finished || document.visibilityState !== "visible" || Date.now() - lastUse > IDLE) return false;
  try {
    return localStorage.getItem(OWNER) === me;
  } catch {
    return true;
  }
}

async function send(one, keepalive = false) {
  if (!one || one.sending || !one.counted) return;
  one.sending = true;
  const seconds = one.counted;
  const { outcome, reply } = await post(one.base, "seconds/", { seconds, known: one.known }, { keepalive });
  one.sending = false;
  if (outcome === "done") {
    // The total may have grown elsewhere: then these seconds go with the next sign of life.
    if (reply.seconds === one.known + seconds) one.counted -= seconds;
    one.known = reply.seconds;
  } else if (outcome === "offline") {
    // Perhaps they arrived: rather lose half a minute than count it twice.
    one.counted -= seconds;
  }
}

for (const name of ["keydown", "pointerdown", "pointermove", "wheel", "scroll"]) {
  document.addEventListener(name, used, { passive: true, capture: true });
}
for (const name of ["finishing", "leaving"]) on(name, () => send(clock));
on("opened", () => {
  clock = { base, known: page.seconds, counted: 0, sending: false };
});
// After so long without a pause of ten minutes a break is proposed, once; only the coder sees it.
const LONG = 50 * 60;
const PAUSE = 10 * 60_000;
const pause = document.getElementById("pause");
let worked = 0;
let lastWork = Date.now();

function minded() {
  if (Date.now() - lastWork > PAUSE) worked = 0;
  lastWork = Date.now();
  worked += 1;
  if (worked === LONG) pause.hidden = false;
}
pause.querySelector("button").addEventListener("click", () => {
  pause.hidden = true;
  worked = 0;
});

export function start() {
  used();
  setInterval(() => {
    if (isInUse()) {
      clock.counted += 1;
      minded();
    }
    if (clock?.counted >= EVERY) send(clock);
  }, 1000);
  addEventListener("pagehide", () => send(clock, true));
}
