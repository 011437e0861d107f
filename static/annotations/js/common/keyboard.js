// Single keys, on every page that has them: whether they are on, and when somebody is typing.

const PREFERENCE = "coding-single-keys";
let on = stored();

function stored() {
  try {
    return localStorage.getItem(PREFERENCE) !== "off";
  } catch {
    return true;
  }
}

export const keysAreOn = () => on;

// Shows the preference on the page; `toggle`, if the page has it, is the checkbox that changes it.
export function followPreference(toggle = null) {
  const show = () => {
    if (toggle) toggle.checked = on;
    document.body.classList.toggle("keys-off", !on);
  };
  toggle?.addEventListener("change", () => {
    on = toggle.checked;
    try {
      localStorage.setItem(PREFERENCE, on ? "on" : "off");
    } catch {
      // Then it holds for this page.
    }
    show();
  });
  // Changed in another tab.
  addEventListener("storage", (event) => {
    if (event.key !== PREFERENCE) return;
    on = stored();
    show();
  });
  show();
}

export const isTyping = (element) =>
  element.isContentEditable ||
  element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])");

// Whom a key is meant for. What was closed a moment ago may still have the focus, until the browser paints again.
export const targetOf = (event) => (event.target.checkVisibility() ? event.target : document.body);
