// A conversation's page fetched without opening it: nothing is logged by that, and nothing stored.

import { makeUnit } from "./state.js";

const LONGEST = 5 * 60_000; // what was fetched longer ago is fetched anew
const fetched = new Map(); // address -> {at, doc: promise of a document or null}

export function fetchPage(address) {
  const known = fetched.get(address);
  if (known && Date.now() - known.at < LONGEST) return known;
  const entry = { at: Date.now(), ready: null };
  entry.doc = load(address).then((doc) => {
    entry.ready = doc;
    if (!doc) fetched.delete(address);
    return doc;
  });
  fetched.set(address, entry);
  return entry;
}

export const forget = (address) => fetched.delete(address);

async function load(address) {
  try {
    const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(20000) });
    if (!response.ok) return null;
    const doc = new DOMParser().parseFromString(await response.text(), "text/html");
    return doc.getElementById("coding-data") ? doc : null;
  } catch {
    return null;
  }
}

export const dataOf = (doc) => JSON.parse(doc.getElementById("coding-data").textContent);

// The unit at an address, for what is still to be saved of it; null if it cannot be had now.
export async function fetchUnit(address) {
  const doc = await load(address);
  return doc && makeUnit(address, dataOf(doc), doc.querySelector(".thread__list"));
}
