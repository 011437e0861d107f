"""Which fields an edit may set, and with what. Pure."""

from __future__ import annotations

from typing import Any

from ..document import Item, as_json

TEXTS = ("label", "definition", "include", "exclude", "example")
LONGEST = 4_000

TEXT, FLAG, NUMBER, CONDITION, DERIVATION = "text", "flag", "number", "condition", "derivation"
FIELDS: dict[str, dict[str, str]] = {
    "codebook": dict.fromkeys(("version", "license", "title", "description", "missing_codes"), TEXT),
    "modules": {"key": TEXT, "label": TEXT, "default_on": FLAG},
    "variables": {
        **dict.fromkeys(
            (
                "key",
                "module",
                "level",
                "kind",
                "scale",
                "applies_to",
                "unit",
                "source",
                "anchor",
                "replication",
            ),
            TEXT,
        ),
        **dict.fromkeys(TEXTS, TEXT),
        **dict.fromkeys(("required", "reliability"), FLAG),
        **dict.fromkeys(("min", "max"), NUMBER),
        **dict.fromkeys(("show_if", "required_if"), CONDITION),
        **dict.fromkeys(("derive", "suggest"), DERIVATION),
        "missing_codes": NUMBER,
    },
    "categories": {
        **dict.fromkeys(("key", "shortcut"), TEXT),
        **dict.fromkeys(TEXTS, TEXT),
        **dict.fromkeys(("exclusive", "seed_definition"), FLAG),
        "code": NUMBER,
    },
    "consistency": {
        **dict.fromkeys(("key", "level", "kind", "fragments", "text"), TEXT),
        "when": CONDITION,
    },
}


class EditError(ValueError):
    """The edit makes no sense here. The sentence is ``sentence % params``, for translation."""

    def __init__(self, sentence: str, **params: object) -> None:
        self.sentence, self.params = sentence, params
        super().__init__(sentence % params)


def put(item: Item, field: list[str], value: Any) -> None:
    """Set the value at a path of fields; what becomes empty goes."""
    *way, last = field
    if len(field) > (3 if field[0] == "missing_codes" else 2):
        raise EditError("this edit is not known; reload the page")
    here = item
    for step in way:
        here = here.setdefault(step, {})
        if not isinstance(here, dict):
            raise EditError("this edit is not known; reload the page")
    if value in (None, "", {}, []):
        here.pop(last, None)
        if way and not here:
            put(item, way, None)
    else:
        here[last] = value


def checked(wanted: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    fits = {
        TEXT: lambda: isinstance(value, str) and len(value) <= LONGEST,
        FLAG: lambda: isinstance(value, bool),
        NUMBER: lambda: isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15,
        CONDITION: lambda: is_condition(value),
        DERIVATION: lambda: (
            isinstance(value, dict)
            and value.keys() <= {"from", "rule", "threshold"}
            and all(isinstance(each, str | int) for each in value.values())
        ),
    }
    if not fits[wanted]():
        raise EditError("this value does not fit here; nothing was changed")
    return as_json(value.strip() if isinstance(value, str) else value)


def is_condition(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= 50
        and all(
            isinstance(key, str)
            and isinstance(values, list)
            and all(isinstance(each, str) for each in values)
            for key, values in value.items()
        )
    )
