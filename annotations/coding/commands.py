"""What a single key does on the coding screen and on the settling desk: the keys that come with them, and a
person's own instead.

The pages get this as data (`commands_json`, `desk_json`); the lists of keys, and the page where they are set,
are drawn from it. A key printed on an answer comes first while its question is active.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    "desk": gettext_lazy("On the settling desk"),
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
DESK = (
    Command("nextMessage", ("j",), "on", gettext_lazy("next disagreement"), moves=True),
    Command("previousMessage", ("k",), "on", gettext_lazy("previous disagreement"), moves=True),
    Command("skip", ("s",), "on", gettext_lazy("skip")),
    Command("undo", ("z",), "on", gettext_lazy("back to the last decision")),
    Command("deskAmbiguous", ("t",), "desk", gettext_lazy("why it differed: text ambiguous")),
    Command("deskGap", ("g",), "desk", gettext_lazy("why it differed: gap in the codebook")),
    Command("deskMistake", ("f",), "desk", gettext_lazy("why it differed: mistake")),
    Command("deskBorderline", ("r",), "desk", gettext_lazy("why it differed: borderline")),
    Command("deskViews", ("i",), "desk", gettext_lazy("why it differed: real difference of views")),
    Command("deskReason", ("o",), "desk", gettext_lazy("write the reason")),
    Command("deskCase", ("b",), "desk", gettext_lazy("settled case")),
    Command("deskCodebook", ("c",), "desk", gettext_lazy("codebook must change")),
    Command("deskNames", ("w",), "desk", gettext_lazy("who gave what")),
    Command("deskQuote", ("q",), "desk", gettext_lazy("quote in other words")),
    Command("reveal", ("/",), "other", gettext_lazy("show personal data")),
    Command("mark", ("+", "="), "other", gettext_lazy("mark a fragment with the arrow keys")),
    Command("help", ("?",), "other", gettext_lazy("the list of keys")),
)
"""On the settling desk. What has a name of the coding screen goes by the same own key as there."""
DESK_VALUES = frozenset("123456789")

BY_NAME = {command.name: command for command in (*DESK, *COMMANDS)}
ON_DESK = {command.name: command for command in DESK}
SETTABLE = tuple(command for command in COMMANDS if command.name != "leave")
ONLY_ON_DESK = tuple(command for command in DESK if command.group == "desk")

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


def key_problems(own: Mapping[str, str], *, settles: bool = False) -> dict[str, str]:
    """Command -> why its own key cannot be used. All keys count together, so that two may change places.

    `settles`: the keys of the settling desk count too, for who works there.
    """
    problems = {}
    for name, key in own.items():
        if len(key) != 1 or not key.isprintable() or key.isspace():
            problems[name] = _("Give one character, such as w or #.")
        elif key in DESK_VALUES and settles and name in ON_DESK:
            problems[name] = _("“%(key)s” chooses a value on the settling desk.") % {"key": key}
        elif taken := _taken(name, own, (COMMANDS, DESK) if settles else (COMMANDS,)):
            key, command = taken
            problems[name] = _("“%(key)s” is already the key for “%(command)s”.") % {
                "key": shown_key(key),
                "command": command.label,
            }
    return problems


def _taken(
    name: str, own: Mapping[str, str], screens: Iterable[Iterable[Command]]
) -> tuple[str, Command] | None:
    """The key of this command that another has as well, and that other: on the same screen, or as own key."""
    for screen in screens:
        here = {command.name: command for command in screen}
        for other in here.values() if name in here else ():
            both = here[name].pressed_with(own) & other.pressed_with(own)
            if both and other.name != name:
                return max(both), other
    twin = next((other for other, key in own.items() if key == own[name] and other != name), None)
    return (own[name], BY_NAME[twin]) if twin else None


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


def desk_keys(own: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Command of the settling desk -> its keys; none where an own key took the one that came with it."""
    mine = {own[name] for name in ON_DESK if name in own}
    return {
        name: (own[name],) if name in own else tuple(key for key in command.keys if key not in mine)
        for name, command in ON_DESK.items()
    }


def desk_json(own: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Key -> what it does on the settling desk."""
    return {
        key: {"name": name, "moves": ON_DESK[name].moves}
        for name, keys in desk_keys(own).items()
        for key in keys
    }


@dataclass(frozen=True)
class DeskKey:
    pressed: str
    shown: str


def desk_printed(own: Mapping[str, str]) -> dict[str, DeskKey | None]:
    """Command of the settling desk -> the key printed beside it."""
    return {
        name: DeskKey(keys[0], shown_key(keys[0])) if keys else None for name, keys in desk_keys(own).items()
    }
