// Time spent: seconds in which the page was in view and used less than a minute ago. Of two tabs only
// the one that was used last counts, and no second is sent as new twice: the server adds only to the
// total this page knew.

import { post } from "./api.js";
import { page, state } from "./state.js";

const EVERY = 30;
const IDLE = 60_000;
const OWNER = "coding-tab-in-use";
const me = crypto.randomUUID?.() ?? String(Math.random());

let known = page.seconds;
let counted = 0;
let lastUse = Date.now();
let sending = false;

function used() {
  lastUse = Date.now();
  try {
    if (localStorage.getItem(OWNER) !== me) localStorage.setItem(OWNER, me);
  } catch {
    // Without storage every tab counts for itself.
  }
}

function isInUse() {
  if (state.finished || document.visibilityState !== "visible" || Date.now() - lastUse > IDLE) return false;
  try {
    return localStorage.getItem(OWNER) === me;
  } catch {
    return true;
  }
}

async function send(keepalive = false) {
  if (sending || !counted || state.finished) return;
  sending = true;
  const seconds = counted;
  const { outcome, reply } = await post("seconds/", { seconds, known }, { keepalive });
  sending = false;
  if (outcome === "done") {
    // The total may have grown elsewhere: then these seconds go with the next sign of life.
    if (reply.seconds === known + seconds) counted -= seconds;
    known = reply.seconds;
  } else if (outcome === "offline") {
    // Perhaps they arrived: rather lose half a minute than count it twice.
    counted -= seconds;
  }
}

for (const name of ["keydown", "pointerdown", "pointermove", "wheel", "scroll"]) {
  document.addEventListener(name, used, { passive: true, capture: true });
}
export function start() {
  used();
  setInterval(() => {
    if (isInUse()) counted += 1;
    if (counted >= EVERY) send();
  }, 1000);
  addEventListener("pagehide", () => send(true));
}
