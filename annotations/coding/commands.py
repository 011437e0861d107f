"""What a single key does on the coding screen: the keys that come with it, and a person's own instead.

The page gets this as data (`commands_json`); the list of keys and the page where they are set are drawn from
it. A key printed on an answer comes first while its question is active.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FRAGMENT, PAGE = "fragment", "page"
GROUPS = {
    "on": gettext_lazy("On and back"),
    "answer": gettext_lazy("Answering"),
    "fragment": gettext_lazy("Fragments"),
    "other": gettext_lazy("And further"),
}


@dataclass(frozen=True)
class Command:
    """`keys` as a browser names them. `where`: while a fragment has the keys, or on the whole page.

    `moves`: also while the key is held. `by_word`: a letter with Shift moves by a word.
    """

    name: str
    keys: tuple[str, ...]
    group: str
    label: Promise
    where: str = PAGE
    moves: bool = False
    by_word: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """Keys with a name, such as Home, stay beside a person's own: they work when single keys are off."""
        return tuple(key for key in self.keys if len(key) > 1)

    def keys_with(self, own: Mapping[str, str]) -> tuple[str, ...]:
        return (own[self.name], *self.named) if self.name in own else self.keys

    def pressed_with(self, own: Mapping[str, str]) -> set[str]:
        """All that it takes, with Shift too."""
        keys = self.keys_with(own)
        return {*keys, *(key.upper() for key in keys if self.by_word and is_lower(key))}


def _boundary(name: str, letter: str, bracket: str, label: Promise) -> Command:
    return Command(name, (letter, bracket), "fragment", label, FRAGMENT, moves=True, by_word=True)


COMMANDS = (
    Command("nextMessage", ("j",), "on", gettext_lazy("next message"), moves=True),
    Command("previousMessage", ("k",), "on", gettext_lazy("previous message"), moves=True),
    Command("firstMessage", ("Home",), "on", gettext_lazy("first message")),
    Command("lastMessage", ("End",), "on", gettext_lazy("last message")),
    Command("nextQuestion", ("ArrowDown",), "on", gettext_lazy("next question"), moves=True),
    Command("previousQuestion", ("ArrowUp",), "on", gettext_lazy("previous question"), moves=True),
    Command("skip", ("s",), "on", gettext_lazy("skip this conversation for now")),
    Command("previousConversation", ("K",), "on", gettext_lazy("previous conversation")),
    Command(
        "takeProposal",
        ("=",),
        "answer",
        gettext_lazy("confirm the proposal of this question only; keep answers that contradict each other"),
    ),
    Command(
        "restNothing",
        ("R",),
        "answer",
        gettext_lazy("the rest of the thread has nothing: proposed here and below"),
    ),
    Command("mark", ("+", "m"), "fragment", gettext_lazy("mark what is selected, or by keyboard")),
    Command("accept", ("a",), "fragment", gettext_lazy("candidate is right"), FRAGMENT),
    Command(
        "reject",
        ("x", "Delete"),
        "fragment",
        gettext_lazy("is not personal data; removes a fragment"),
        FRAGMENT,
    ),
    Command("retype", ("t",), "fragment", gettext_lazy("another type"), FRAGMENT),
    _boundary("startEarlier", "u", "[", gettext_lazy("start one character earlier; with Shift a word")),
    _boundary("startLater", "i", "{", gettext_lazy("start one character later; with Shift a word")),
    _boundary("endEarlier", "o", "}", gettext_lazy("end one character earlier; with Shift a word")),
    _boundary("endLater", "p", "]", gettext_lazy("end one character later; with Shift a word")),
    Command("nextFragment", (".",), "fragment", gettext_lazy("next fragment in the message"), moves=True),
    Command(
        "previousFragment", (",",), "fragment", gettext_lazy("previous fragment in the message"), moves=True
    ),
    Command("reveal", ("/",), "other", gettext_lazy("show the hidden data of a message (this is logged)")),
    Command("undo", ("z",), "other", gettext_lazy("undo (also Ctrl Z)")),
    Command("redo", ("Z",), "other", gettext_lazy("redo (also Ctrl Y)")),
    Command("ask", ("q",), "other", gettext_lazy("ask the supervisor about this")),
    Command("help", ("?",), "other", gettext_lazy("the list of keys")),
    Command("leave", ("Escape",), "other", gettext_lazy("out of a field, a fragment or a question")),
)
BY_NAME = {command.name: command for command in COMMANDS}
SETTABLE = tuple(command for command in COMMANDS if command.name != "leave")

SIGNS = {"ArrowDown": "↓", "ArrowUp": "↑", "Escape": "esc", "Delete": "del"}


def is_lower(key: str) -> bool:
    return len(key) == 1 and key != key.upper()


def shown_key(key: str) -> str:
    """As it is printed: `⇧k` for K."""
    if len(key) == 1 and key != key.lower():
        return f"⇧{key.lower()}"
    return SIGNS.get(key, key)


def aria_key(key: str) -> str:
    """For `aria-keyshortcuts`."""
    return f"Shift+{key}" if len(key) == 1 and key != key.lower() else key


def key_problems(own: Mapping[str, str]) -> dict[str, str]:
    """Command -> why its own key cannot be used. All keys count together, so that two may change places."""
    problems = {}
    for name, key in own.items():
        if len(key) != 1 or not key.isprintable() or key.isspace():
            problems[name] = _("Give one character, such as w or #.")
            continue
        mine = BY_NAME[name].pressed_with(own)
        for other in COMMANDS:
            taken = sorted(mine & other.pressed_with(own)) if other.name != name else []
            if taken:
                problems[name] = _("“%(key)s” is already the key for “%(command)s”.") % {
                    "key": shown_key(taken[-1]),
                    "command": other.label,
                }
                break
    return problems


def commands_json(own: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": command.name,
            "keys": command.keys_with(own),
            "shown": shown_key(command.keys_with(own)[0]),
            "where": command.where,
            "moves": command.moves,
            "byWord": command.by_word,
        }
        for command in COMMANDS
    ]


@dataclass(frozen=True)
class PrintedKey:
    shown: str
    aria: str


def printed_keys(own: Mapping[str, str]) -> dict[str, PrintedKey]:
    """Command -> the key that the screen prints beside what it does."""
    keys = {command.name: command.keys_with(own)[0] for command in COMMANDS}
    return {name: PrintedKey(shown_key(key), aria_key(key)) for name, key in keys.items()}


def listed_keys(own: Mapping[str, str]) -> dict[str, list[tuple[list[str], Promise]]]:
    """Group -> (keys, what they do) of each command, for the list of keys."""
    groups: dict[str, list[tuple[list[str], Promise]]] = {group: [] for group in GROUPS}
    for command in COMMANDS:
        keys = [shown_key(key) for key in command.keys_with(own)]
        groups[command.group].append((keys, command.label))
    return groups
