// One request, and what became of it: {outcome, reply}.
// Outcomes: done, stale (409), refused (422), denied (403, 404), out (signed out), busy (503: the server says
// why it cannot now), failed (it could not carry out this one: the same again will not help), offline.

const OUTCOMES = { 409: "stale", 422: "refused", 403: "denied", 404: "denied", 503: "busy", 413: "failed", 400: "failed" };

// Signing in again, in another tab, gives the browser a new token: read it at every request.
function token() {
  return document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";
}

export async function post(base, path, body, { keepalive = false } = {}) {
  let response;
  try {
    response = await fetch(base + path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      redirect: "manual",
      keepalive,
      signal: keepalive ? undefined : AbortSignal.timeout(30000),
    });
  } catch {
    return { outcome: "offline" };
  }
  const { status } = response;
  // The server sends whoever is not signed in to the sign-in page.
  if (response.type === "opaqueredirect" || status === 401) return { outcome: "out" };
  let reply = null;
  try {
    reply = await response.json();
  } catch {
    // Not from a view: the token of somebody who signed in anew, a fault of the server, or one in front of it
    // (502, 504) that cannot reach it.
    if (status === 403) return { outcome: "out" };
    return { outcome: status === 500 ? "failed" : (OUTCOMES[status] ?? "offline") };
  }
  if (response.ok) return { outcome: "done", reply };
  return { outcome: OUTCOMES[status] ?? (status === 500 ? "failed" : "offline"), reply };
}
