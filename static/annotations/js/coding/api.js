// One request, and what became of it: {outcome, reply}.
// Outcomes: done, stale (409), refused (422), denied (403, 404), out (signed out), offline.

import { base } from "./state.js";

const OUTCOMES = { 409: "stale", 422: "refused", 403: "denied", 404: "denied" };

// Signing in again, in another tab, gives the browser a new token: read it at every request.
function token() {
  return document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";
}

export async function post(path, body, { keepalive = false } = {}) {
  let response;
  try {
    response = await fetch(base + path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      redirect: "manual",
      keepalive,
      signal: keepalive ? undefined : AbortSignal.timeout(20000),
    });
  } catch {
    return { outcome: "offline" };
  }
  // The server sends whoever is not signed in to the sign-in page.
  if (response.type === "opaqueredirect" || response.status === 401) return { outcome: "out" };
  let reply = null;
  try {
    reply = await response.json();
  } catch {
    // Not from a view: the token of somebody who signed in anew, or a server that is ill.
    return { outcome: response.status === 404 ? "denied" : response.status === 403 ? "out" : "offline" };
  }
  if (response.ok) return { outcome: "done", reply };
  return { outcome: OUTCOMES[response.status] ?? "offline", reply };
}
