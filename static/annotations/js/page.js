// What every page needs beside its own module: the choice of light or dark, and a word when a
// request of htmx fails (it leaves the page as it was, so the reader must be told).

const YEAR = 60 * 60 * 24 * 365;
const LONGEST_WAIT = 8000; // milliseconds for pictures, before they are printed without
const root = document.documentElement;

function showTheme(group) {
  const current = root.dataset.theme ?? "auto";
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === current));
  }
}

// Pictures have a drawing for either theme (annotations/templatetags/figures.py writes the same words).
function whenDark(theme, width) {
  if (theme === "light") return "not all";
  return theme === "dark" ? `screen and ${width}` : `screen and (prefers-color-scheme: dark) and ${width}`;
}

function chooseTheme(value) {
  if (value === "auto") delete root.dataset.theme;
  else root.dataset.theme = value;
  for (const dark of document.querySelectorAll("source[data-dark]")) dark.media = whenDark(value, dark.dataset.dark);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}

for (const group of document.querySelectorAll("[data-theme-switch]")) {
  group.hidden = false;
  showTheme(group);
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    chooseTheme(button.value);
    showTheme(group);
  });
}

// <button data-open-dialog="id"> opens a <dialog>; inside it <form method="dialog"> closes.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
  if (event.target.closest("[data-print]")) printWithPictures();
});

// Paper is white: the light pictures are fetched first, also those further down that were not needed yet. A
// picture keeps the drawing it had until the other is there.
async function printWithPictures() {
  onPaper();
  const until = Date.now() + LONGEST_WAIT;
  const isThere = (image) => image.complete && !image.currentSrc.includes("/dark-");
  while (![...document.images].every(isThere) && Date.now() < until) {
    await new Promise((done) => setTimeout(done, 50));
  }
  window.print();
}

function onPaper() {
  for (const dark of document.querySelectorAll("source[data-dark]")) dark.media = "not all";
  for (const image of document.querySelectorAll("img[loading=lazy]")) image.loading = "eager";
}

function backOnScreen() {
  const theme = root.dataset.theme ?? "auto";
  for (const dark of document.querySelectorAll("source[data-dark]")) dark.media = whenDark(theme, dark.dataset.dark);
}

// On paper nothing can be opened any more: closed parts are printed open.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  for (const part of opened) part.open = true;
  onPaper();
});
addEventListener("afterprint", () => {
  for (const part of opened) part.open = false;
  backOnScreen();
});

// Ctrl Enter sends the form whose button says so.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || (!event.ctrlKey && !event.metaKey)) return;
  const button = document.querySelector("[data-ctrl-enter]");
  if (!button || event.defaultPrevented) return;
  event.preventDefault();
  button.click();
});

// <button data-copy="id" data-copied="word"> copies the value of a field and says so. Without https a
// browser has no clipboard; then the text is selected, and Ctrl-C does it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  } catch { /* the text is selected */ }
});

const failed = document.getElementById("request-failed");
if (failed) {
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(name, () => { failed.hidden = false; });
  }
  document.body.addEventListener("htmx:afterOnLoad", () => { failed.hidden = true; });
}
