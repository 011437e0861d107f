// What can be done by a single key, and by which: the keys of the page, and a person's own instead of them.
// The codebook's keys for categories come first wherever a question is active.

import { page } from "./state.js";

// name -> {keys, where: "fragment" (while a fragment has the keys) or "page", moves: also while the key is held}
export const COMMANDS = {
  accept: { keys: ["a"], where: "fragment" },
  reject: { keys: ["x", "Delete"], where: "fragment" },
  retype: { keys: ["t"], where: "fragment" },
  startEarlier: { keys: ["[", "u"], where: "fragment", moves: true },
  startLater: { keys: ["{", "i"], where: "fragment", moves: true },
  endEarlier: { keys: ["}", "o"], where: "fragment", moves: true },
  endLater: { keys: ["]", "p"], where: "fragment", moves: true },
  nextMessage: { keys: ["j"], where: "page", moves: true },
  previousMessage: { keys: ["k"], where: "page", moves: true },
  firstMessage: { keys: ["Home"], where: "page" },
  lastMessage: { keys: ["End"], where: "page" },
  nextQuestion: { keys: ["ArrowDown"], where: "page", moves: true },
  previousQuestion: { keys: ["ArrowUp"], where: "page", moves: true },
  nextFragment: { keys: ["."], where: "page", moves: true },
  previousFragment: { keys: [","], where: "page", moves: true },
  takeProposal: { keys: ["="], where: "page" },
  restNothing: { keys: ["R"], where: "page" },
  mark: { keys: ["+", "m"], where: "page" },
  reveal: { keys: ["/"], where: "page" },
  skip: { keys: ["s"], where: "page" },
  previousConversation: { keys: ["K"], where: "page" },
  undo: { keys: ["z"], where: "page" },
  redo: { keys: ["Z"], where: "page" },
  help: { keys: ["?"], where: "page" },
  leave: { keys: ["Escape"], where: "page" },
};

const WORD = new Set(["startEarlier", "startLater", "endEarlier", "endLater"]);

export const keysOf = (name) => {
  const own = page.keys?.[name];
  return own ? [own] : COMMANDS[name].keys;
};

// {name, moves, word} for a key, or null. With Shift the letters that move a boundary move it by word.
export function commandFor(key, where) {
  for (const [name, command] of Object.entries(COMMANDS)) {
    if (command.where !== where) continue;
    if (keysOf(name).includes(key)) return { name, moves: command.moves, word: false };
    const letters = WORD.has(name) && keysOf(name).filter((one) => /^[a-z]$/.test(one)).map((one) => one.toUpperCase());
    if (letters && letters.includes(key)) return { name, moves: true, word: true };
  }
  return null;
}
