"""What finds and comparisons are compared on: answers about the conversation that do not follow from sharing.

Left out are those that do, such as whether it could have been prevented and the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...codebooks.language import in_language
from ...codebooks.schema import CodebookSpec, VariableSpec
from ..population import Outcome

MODULE = "context"
YES, NO = "yes", "no"
SPLITS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "too_much_first_contact": (frozenset({"yes"}), frozenset({"no", "no_request", "no_org_reply"})),
    "private_first": (
        frozenset({"private_then_ask"}),
        frozenset({"ask_in_public", "ask_in_public_for_dm"}),
    ),
    "dm_misunderstanding": (frozenset({"explicit", "behavioural", "refuses"}), frozenset({"none"})),
    "new_user": (frozenset({"yes", "probably"}), frozenset({"no"})),
    "question_scope": (frozenset({"personal"}), frozenset({"general"})),
}
"""Variable -> categories that count as exposed, and as not. What is in neither is left out."""
EACH = ("channel_reason",)
"""Variables with several answers, of which each is an exposure of its own."""
NO_ANSWER = "not_stated"


@dataclass(frozen=True)
class Exposure:
    """`exposed` and `unexposed`: categories of the variable; `unexposed` is None for any other answer."""

    variable: VariableSpec
    exposed: frozenset[str]
    unexposed: frozenset[str] | None

    @property
    def key(self) -> str:
        only = "_".join(sorted(self.exposed)) if self.unexposed is None else ""
        return f"{self.variable.key}_{only}" if only else self.variable.key

    def label(self, language: str) -> str:
        return in_language(self.variable.label, language)

    def named(self, keys: frozenset[str], language: str) -> str:
        """Categories in the order of the codebook, in words."""
        chosen = (option for option in self.variable.options if option.key in keys)
        return " / ".join(in_language(option.label, language) for option in chosen)

    def of(self, outcome: Outcome) -> bool | None:
        """Whether a final value counts as exposed; None where it is left out."""
        if isinstance(outcome, frozenset):
            return bool(outcome & self.exposed)
        if outcome in self.exposed:
            return True
        return False if self.unexposed is not None and outcome in self.unexposed else None


def exposures(spec: CodebookSpec) -> list[Exposure]:
    """Those this codebook has, in its order."""
    return [found for variable in spec.variables for found in _of(variable)]


def _of(variable: VariableSpec) -> Iterator[Exposure]:
    if variable.level != "conversation":
        return
    if variable.key in SPLITS:
        exposed, unexposed = (keys & set(variable.values) for keys in SPLITS[variable.key])
        if exposed and unexposed:
            yield Exposure(variable, exposed, unexposed)
    elif variable.key in EACH:
        for key in variable.values:
            if key != NO_ANSWER:
                yield Exposure(variable, frozenset({key}), None)
    elif variable.module == MODULE and not variable.show_if and {YES, NO} <= set(variable.values):
        yield Exposure(variable, frozenset({YES}), frozenset({NO}))
