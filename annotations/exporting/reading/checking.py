"""Lines of a file of codings, checked against corpus and codebook: who gave which answer to which unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ...codebooks.conversion import parse_value
from ...codebooks.lookup import Lookup, lookup
from ...codebooks.values import InvalidValue, Value
from ...coding.answers import CONVERSATION, UnitKey
from ...coding.save import ImportedSpan
from ...common.portions import portions
from ...errors import BadInput
from ...models import Code, Message, Round, Span, Study
from ..row_check import problem_of
from ..tables.codings_long import FREE, NAMES
from .lines import CodingLine, at_line

MOST_PROBLEMS = 50
PORTION = 5_000

Pair = tuple[int, int]
"""User id of the coder and conversation id."""


@dataclass
class Work:
    """One coder's work on one conversation. `origins`: what stood on the screen, per unit and variable."""

    first: CodingLine
    answers: dict[UnitKey, dict[str, Value]] = field(default_factory=dict)
    spans: list[ImportedSpan] = field(default_factory=list)
    origins: dict[UnitKey, dict[str, str]] = field(default_factory=dict)
    finished_at: datetime | None = None
    seconds: int = 0


@dataclass
class _Place:
    """Lines of one fragment."""

    message_id: int
    start: int
    end: int
    answers: dict[str, list[CodingLine]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class _Lines:
    """Lines of one coder's work on one conversation."""

    first: CodingLine
    answers: dict[UnitKey, dict[str, list[CodingLine]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    places: dict[tuple[Any, ...], _Place] = field(default_factory=dict)


class Checker:
    """Of the lines of one round. `messages`: by their own id, of the conversations that the lines name."""

    def __init__(self, study: Study, round_: Round, coders: Mapping[str, int], file_name: str) -> None:
        self.study, self.coders, self.file_name = study, coders, file_name
        self.codebook: Lookup = lookup(round_.codebook_version_id)
        self.messages: dict[str, Message] = {}
        self.problems: list[str] = []

    def check(self, lines: Sequence[CodingLine]) -> dict[Pair, Work]:
        """Raises BadInput with the lines that cannot be stored."""
        sorted_lines = self._sort(lines)
        work = {pair: self._work(item) for pair, item in sorted_lines.items()}
        if self.problems:
            more = len(self.problems) - MOST_PROBLEMS
            shown = self.problems[:MOST_PROBLEMS]
            raise BadInput([*shown, _("and %(n)d more problems.") % {"n": more}] if more > 0 else shown)
        return work

    # Sorting lines into units

    def _sort(self, lines: Sequence[CodingLine]) -> dict[Pair, _Lines]:
        conversations = self._units(lines)
        work: dict[Pair, _Lines] = {}
        for line in lines:
            if problem := problem_of(line.cells, NAMES):
                self._fault(line, problem)
            message = self.messages.get(line["message_id"])
            if line["conversation_id"]:
                conversation_id = conversations.get(line["conversation_id"])
            else:
                conversation_id = message.conversation_id if message else None
            if conversation_id is None:
                self._fault(line, self._unknown_unit(line))
                continue
            pair = (self.coders[line["coder"]], conversation_id)
            item = work.setdefault(pair, _Lines(line))
            self._place(line, conversation_id, item)
        return work

    @staticmethod
    def _unknown_unit(line: CodingLine) -> str:
        if line["conversation_id"]:
            return _("conversation %(key)s is not in this study") % {"key": line["conversation_id"]}
        if line["message_id"]:
            return _("message %(id)s is not in this study") % {"id": line["message_id"]}
        return _("give conversation_id or message_id")

    def _units(self, lines: Sequence[CodingLine]) -> dict[str, int]:
        """Conversations by key, with their messages; a few thousand at a time: SQL has limits."""
        conversations: dict[str, int] = {}
        for some in portions(sorted({line["conversation_id"] for line in lines} - {""}), PORTION):
            found = dict(self.study.conversations.filter(key__in=some).values_list("key", "id"))
            conversations |= found
            self._keep(Message.objects.filter(conversation__in=found.values()))
        alone = {line["message_id"] for line in lines if not line["conversation_id"]} - {""}
        for some in portions(sorted(alone), PORTION):
            self._keep(Message.objects.filter(study=self.study, external_id__in=some))
        return conversations

    def _keep(self, messages: Any) -> None:
        for message in messages.select_related("account"):
            self.messages[message.external_id] = message

    def _place(self, line: CodingLine, conversation_id: int, item: _Lines) -> None:
        variable = self.codebook.spec.by_key.get(line["variable"])
        message = self.messages.get(line["message_id"])
        if variable is None:
            self._fault(line, _("the codebook has no variable %(key)s") % {"key": line["variable"]})
        elif line["message_id"] and (message is None or message.conversation_id != conversation_id):
            self._fault(line, _("message %(id)s is not in this conversation") % {"id": line["message_id"]})
        elif variable.level == "conversation":
            if message is not None:
                self._fault(
                    line,
                    _("%(variable)s is about the conversation; leave message_id empty")
                    % {"variable": variable.key},
                )
            item.answers[CONVERSATION][variable.key].append(line)
        elif message is None:
            self._fault(
                line, _("%(variable)s is about a message; give message_id") % {"variable": variable.key}
            )
        elif message.is_placeholder:
            self._fault(
                line,
                _("message %(id)s is missing from the corpus, so it has no text")
                % {"id": line["message_id"]},
            )
        elif variable.level == "message":
            item.answers["message", message.pk][variable.key].append(line)
        else:
            self._place_span(line, message, item)

    def _place_span(self, line: CodingLine, message: Message, item: _Lines) -> None:
        if not (_is_count(line["start"]) and _is_count(line["end"])):
            self._fault(
                line,
                _("%(variable)s is about a fragment; give start and end in code points")
                % {"variable": line["variable"]},
            )
            return
        start, end = int(line["start"]), int(line["end"])
        if not start < end <= len(message.text):
            self._fault(
                line,
                _("%(start)d–%(end)d is outside the text of %(length)d code points")
                % {"start": start, "end": end, "length": len(message.text)},
            )
            return
        type_key = self.codebook.type_variable.key if self.codebook.type_variable else ""
        name: tuple[Any, ...] = (message.pk, start, end, line["span"])
        if not line["span"] and line["variable"] == type_key:
            twins = sum(1 for key in item.places if key[:3] == name[:3])
            same = item.places.get(name)
            if same and type_key in same.answers:
                name = (*name, twins)
        item.places.setdefault(name, _Place(message.pk, start, end)).answers[line["variable"]].append(line)

    # Checking values

    def _work(self, item: _Lines) -> Work:
        work = Work(item.first)
        for unit, lines_of in item.answers.items():
            work.origins[unit] = self._origins(lines_of)
            work.answers[unit] = self._values(lines_of)
        type_variable = self.codebook.type_variable
        for place in item.places.values():
            line = next(iter(place.answers.values()))[0]
            if type_variable and type_variable.key not in place.answers:
                self._fault(
                    line,
                    _("the fragment %(start)d–%(end)d has no %(variable)s")
                    % {"start": place.start, "end": place.end, "variable": type_variable.key},
                )
            origin = line["origin"] or Span.Origin.ADDED
            if origin not in Span.Origin.values:
                wanted = ", ".join(Span.Origin.values)
                self._fault(
                    line,
                    _("origin is “%(written)s”; write %(wanted)s, or leave it empty")
                    % {"written": origin, "wanted": wanted},
                )
            values, origins = self._values(place.answers), self._origins(place.answers)
            work.spans.append(ImportedSpan(place.message_id, place.start, place.end, values, origin, origins))
        work.finished_at, work.seconds = self._finished_at(item.first), self._seconds(item.first)
        return work

    def _values(self, answers: Mapping[str, Sequence[CodingLine]]) -> dict[str, Value]:
        found = {name: self._value(name, lines) for name, lines in answers.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, name: str, lines: Sequence[CodingLine]) -> Value | None:
        variable = self.codebook.spec.by_key[name]
        try:
            value = parse_value(variable, [line.given for line in lines])
        except InvalidValue as problem:
            self._fault(lines[0], (_(problem.sentence) % problem.params).rstrip("."))
            return None
        for line in lines:
            code = variable.of_kind.code(variable, line["value"].strip())
            if line["code"] and line["code"] != code and not line["hidden_value"]:
                self._fault(
                    line,
                    _(
                        "%(variable)s has the value “%(value)s”, of which the code is “%(code)s”, and the "
                        "code “%(written)s”; correct one of the two"
                    )
                    % {"variable": name, "value": line["value"], "code": code, "written": line["code"]},
                )
        return value

    def _origins(self, answers: Mapping[str, Sequence[CodingLine]]) -> dict[str, str]:
        """Variable -> what stood on the screen, where the file says it."""
        found = {}
        for name, lines in answers.items():
            origin = lines[0]["answer_origin"]
            if origin not in ("", FREE, *Code.Origin.values):
                sentence = _(
                    "answer_origin is “%(written)s”; write free, confirmed or changed, or leave it empty"
                )
                self._fault(lines[0], sentence % {"written": origin})
            elif origin not in ("", FREE):
                found[name] = origin
        return found

    def _finished_at(self, line: CodingLine) -> datetime | None:
        written = line["finished_at"]
        try:
            found = datetime.fromisoformat(written) if written else None
        except ValueError:
            found = None
        if written and (found is None or found.tzinfo is None):
            sentence = _(
                "finished_at is “%(written)s”; write it as 2019-04-01T10:00:00+00:00, or leave it empty"
            )
            self._fault(line, sentence % {"written": written})
            return None
        return found

    def _seconds(self, line: CodingLine) -> int:
        if line["seconds"] and not _is_count(line["seconds"]):
            sentence = _("seconds is “%(written)s”; write a whole number, or leave it empty")
            self._fault(line, sentence % {"written": line["seconds"]})
            return 0
        return int(line["seconds"] or 0)

    def _fault(self, line: CodingLine, sentence: str) -> None:
        self.problems.append(at_line(self.file_name, line.number, sentence))


def _is_count(written: str) -> bool:
    """A whole number that a database can hold."""
    return written.isdecimal() and len(written) < 10
