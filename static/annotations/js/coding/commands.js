// What a single key does: the commands that the page was given, with a person's own keys
// (annotations/coding/commands.py). The codebook's keys for answers come first wherever a question is active.

import { on, page } from "./state.js";

const isLower = (key) => key.length === 1 && key !== key.toUpperCase();

// {name, moves, word} for a key, or null. With Shift the letters that move a boundary move it by word.
export function commandFor(key, where) {
  for (const { name, keys, where: place, moves, byWord } of page.commands) {
    if (place !== where) continue;
    if (keys.includes(key)) return { name, moves, word: false };
    if (byWord && keys.some((letter) => isLower(letter) && letter.toUpperCase() === key)) return { name, moves, word: true };
  }
  return null;
}

// Questions are drawn once for everybody; the keys of commands in them are a person's own.
on("opened", () => {
  const shown = new Map(page.commands.map((command) => [command.name, command.shown]));
  for (const kbd of document.querySelectorAll("kbd[data-command]")) {
    const key = shown.get(kbd.dataset.command);
    if (kbd.textContent !== key) kbd.textContent = key;
  }
});
