"""The codes of the two demo coders and what was settled: the planted truth with planted disagreements."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from annotations.codebooks.conditions import Rules
from annotations.codebooks.schema import CodebookSpec
from annotations.demo.making.answers import UnitAnswers, true_answers
from annotations.demo.making.screenplay import INFO_TYPES, Conversation, Mark, Message

Row = tuple[str, ...]
CODING_COLUMNS = ("coder", "conversation_id", "message_id", "variable", "value", "start", "end")
SETTLED_COLUMNS = ("conversation_id", "message_id", "variable", "value", "start", "end", "cause", "reason")
NOT_ASKED = "97"
ASSIGNMENT_COLUMNS = ("conversation_id", "coder", "shared", "state")


class DemoCodings:
    """Everything two coders gave. `entries` are the planted disagreements, `study` is `study.yaml`."""

    def __init__(
        self,
        conversations: list[Conversation],
        codebook: CodebookSpec,
        entries: list[dict[str, Any]],
        study: Mapping[str, Any],
    ) -> None:
        self.conversations = conversations
        self.codebook = codebook
        self.rules = Rules(codebook)
        self.study = study
        self.entries = entries

    def assignments(self) -> Iterator[Row]:
        """Who codes which conversation: (conversation, coder, shared, finished | unfinished | open)."""
        turns = itertools.cycle(self.study["coders"])
        waiting = {
            key: (coder, state)
            for state in ("open", "unfinished")
            for coder, keys in self.study[state].items()
            for key in keys
        }
        for conversation in self.conversations:
            key = conversation.key
            if key in self.study["reliability_sample"]:
                yield from ((key, coder, "1", "finished") for coder in self.study["coders"])
            else:
                coder, state = waiting.get(key) or (next(turns), "finished")
                yield key, coder, "0", state

    def codings(self) -> Iterator[Row]:
        """The rows of `codings.csv`."""
        by_key = {conversation.key: conversation for conversation in self.conversations}
        for coder in self.study["coders"]:
            for key, owner, _, state in self.assignments():
                if owner != coder or state == "open":
                    continue
                units = self.given(by_key[key], coder)
                for unit in units if state == "finished" else units[:1]:
                    for variable, value, start, end in self._values(unit):
                        yield coder, key, _id(unit), variable, value, start, end

    def settled(self) -> Iterator[Row]:
        """The rows of `settled.csv`: what the screenplay plants, where the supervisor has looked."""
        sample = self.study["reliability_sample"]
        for conversation in self.conversations:
            if conversation.key not in sample:
                continue
            for unit in true_answers(conversation):
                why = {key: self._settling(unit.name, key) for key in self.disagreements(unit)}
                values = list(self._values(unit))
                if "info_type" in why and not unit.marks:
                    values.insert(0, ("info_type", "", "", ""))
                for value in values:
                    if entry := why.get(value[0]):
                        yield conversation.key, _id(unit), *value, entry["cause"], entry["reason"]

    def disagreements(self, truth: UnitAnswers) -> set[str]:
        """Keys of the variables to which the two coders gave different answers for a unit."""
        both = []
        for coder in self.study["coders"]:
            given: dict[str, set[Row]] = {}
            for variable, *rest in self._values(self._apply(truth, coder)):
                given.setdefault(variable, set()).add(tuple(rest))
            both.append(given)
        texts = {variable.key for variable in self.codebook.variables if variable.of_kind.is_free}
        return {key for key in both[0] | both[1] if both[0].get(key) != both[1].get(key)} - texts

    def given(self, conversation: Conversation, coder: str) -> list[UnitAnswers]:
        """What one coder answered, unit by unit."""
        return [self._apply(unit, coder) for unit in true_answers(conversation)]

    def _settling(self, unit: str, variable: str) -> dict[str, Any] | None:
        """The entry that settles a variable: the one that sets it, else the one it follows from."""
        entries = [entry for entry in self.entries if entry["unit"] == unit]
        setting = [entry for entry in entries if variable in entry.get("set", {})]
        return next((entry for entry in setting or entries if "reason" in entry), None)

    def _apply(self, truth: UnitAnswers, coder: str) -> UnitAnswers:
        marks, answers = truth.marks, dict(truth.answers)
        for entry in self.entries:
            if (entry["unit"], entry["coder"]) != (truth.name, coder):
                continue
            if "spans" in entry and truth.message:
                spans = [(word, quote) for span in entry["spans"] for word, quote in span.items()]
                marks = [_mark(truth.message, word, quote) for word, quote in spans]
                found = {mark.info_type for mark in marks}
                answers["info_types"] = [kind for kind in INFO_TYPES.values() if kind in found]
            answers.update(entry.get("set", {}))
        return UnitAnswers(truth.conversation, truth.message, answers, marks)

    def _values(self, unit: UnitAnswers) -> Iterator[Row]:
        """(variable, value, start, end) for every value of a unit, fragments first, in codebook order."""
        asked = unit.asked(self.rules)
        for mark in unit.marks:
            yield "info_type", mark.info_type, str(mark.start), str(mark.end)
        for variable in self.codebook.variables:
            if variable.level != unit.level or (
                variable.of_kind.is_free and variable.key not in unit.answers
            ):
                continue
            answer = unit.answers[variable.key] if variable.key in asked else NOT_ASKED
            for value in [answer] if isinstance(answer, str) else answer:
                yield variable.key, value, "", ""


def read_disagreements(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        entries: list[dict[str, Any]] = yaml.safe_load(file)
    return entries


def _mark(message: Message, word: str, quote: str) -> Mark:
    start = message.text.find(quote)
    if start < 0:
        raise ValueError(f"{message.conversation}/{message.number} does not hold {quote!r}")
    return Mark(start, start + len(quote), INFO_TYPES[word])


def _id(unit: UnitAnswers) -> str:
    return unit.message.id if unit.message else ""
