"""Codings in a REFI-QDA project (`.qdpx`) of NVivo, MAXQDA, ATLAS.ti or QualCoder, as lines of codings.

The project is one that `project.qdpx` began: its texts are the conversations of the study. A code on a piece
of a message is about that message, or about that piece where its variable is about fragments.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring as safely
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from ...codebooks.categories import CategorySpec
from ...codebooks.lookup import lookup
from ...codebooks.schema import CodebookSpec, VariableSpec
from ...common.masking import BULLET
from ...common.portions import portions
from ...errors import BadInput
from ...exchange.codebook_qdc import guid
from ...exchange.project_qdpx import NAMESPACE, PROJECT, SOURCES, shifted, text_of_lines
from ...models import CodebookVersion, Conversation, Message, Study
from ..profile import profile_named
from ..qda_project import SETTLER, Place, lay
from ..study_data import PART, StudyData
from .lines import CodingLine

Q = f"{{{NAMESPACE}}}"
MOST_UNPACKED = 1 << 30
"""Bytes that a project may unpack to."""


def qda_lines(study: Study, file: Path, name: str) -> list[CodingLine]:
    """Raises BadInput."""
    try:
        with ZipFile(file) as archive:
            return list(_Reader(study, name, archive).lines())
    except (BadZipFile, KeyError, OSError, EOFError, zlib.error):
        sentence = _("%(file)s: this is no REFI-QDA project; export one as .qdpx.")
        raise BadInput(sentence % {"file": name}) from None
    except (ElementTree.ParseError, ValueError):
        sentence = _("%(file)s: project.qde in it cannot be read; export the project again.")
        raise BadInput(sentence % {"file": name}) from None


@dataclass(frozen=True)
class _Code:
    variable: VariableSpec
    category: CategorySpec | None


class _Reader:
    def __init__(self, study: Study, name: str, archive: ZipFile) -> None:
        self.study, self.name, self.archive = study, name, archive
        archive.getinfo(PROJECT)  # KeyError where there is none
        if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
            sentence = _("%(file)s: unpacked it is larger than %(most)d MB.")
            raise BadInput(sentence % {"file": name, "most": MOST_UNPACKED >> 20})
        self.members = frozenset(archive.namelist())
        self.root = _parsed(archive.read(PROJECT), name)
        self.users = {user.get("guid"): user.get("name") or "" for user in self.root.iter(f"{Q}User")}
        self.problems: list[str] = []
        self.number = 0

    def lines(self) -> Iterator[CodingLine]:
        """A line per code on a piece of text. Raises BadInput with all that does not fit."""
        found: list[CodingLine] = []
        coded = (
            source
            for source in self.root.iter(f"{Q}TextSource")
            if source.find(f"{Q}PlainTextSelection") is not None
        )
        for some in portions(coded, PART):
            known = self._conversations([source.get("name") or "" for source in some])
            for source in some:
                found += self._with_round(list(self._of_source(source, known.get(source.get("name") or ""))))
        if self.problems:
            raise BadInput([f"{self.name}: {problem}." for problem in self.problems[:50]])
        if not found:
            sentence = _("%(file)s: no text in it has a code of this study's codebook.")
            raise BadInput(sentence % {"file": self.name})
        yield from found

    def _with_round(self, lines: list[CodingLine]) -> list[CodingLine]:
        """What was added in another program has no round: that of all else in the text, or the only one."""
        rounds = {line["round"] for line in lines} - {""} or self.rounds
        if len(rounds) != 1:
            return lines
        (name,) = rounds
        return [CodingLine(line.number, {**line.cells, "round": line["round"] or name}) for line in lines]

    @cached_property
    def rounds(self) -> set[str]:
        return set(self.study.rounds.values_list("name", flat=True))

    def _conversations(self, keys: Sequence[str]) -> dict[str, Conversation]:
        """By key, with their messages, in two queries."""
        messages = Prefetch("messages", Message.objects.select_related("account").order_by("position"))
        rows = Conversation.objects.filter(study=self.study, key__in=keys).prefetch_related(messages)
        return {row.key: row for row in rows}

    def _of_source(
        self, source: ElementTree.Element, conversation: Conversation | None
    ) -> Iterator[CodingLine]:
        key = source.get("name") or ""
        if conversation is None:
            self.problems.append(_("the text “%(key)s” is no conversation of this study") % {"key": key})
            return
        laid = self._laid(conversation, self._text(source))
        if laid is None:
            sentence = _(
                "the text of conversation %(key)s is not the one that was exported; its positions say nothing"
            )
            self.problems.append(sentence % {"key": key})
            return
        for selection in source.findall(f"{Q}PlainTextSelection"):
            yield from self._of_selection(selection, conversation, laid)

    def _text(self, source: ElementTree.Element) -> str:
        inside = source.findtext(f"{Q}PlainTextContent")
        if inside is not None:
            return text_of_lines(inside)
        path = (source.get("plainTextPath") or "").removeprefix("internal://")
        for name in (f"{SOURCES}/{path}", f"{SOURCES.lower()}/{path}"):
            if name in self.members:
                return text_of_lines(self.archive.read(name).decode("utf-8-sig"))
        sentence = _("%(file)s: the text “%(key)s” is missing from it.")
        raise BadInput(sentence % {"file": self.name, "key": source.get("name")})

    def _laid(self, conversation: Conversation, text: str) -> dict[int, Place] | None:
        """Where the messages stand in the text, if it is that of the conversation, masked or not."""
        messages = list(conversation.messages.all())
        whole, places = lay(self.data, messages, {message.pk: message.text for message in messages})
        if not _is_same(whole.rstrip(), text.rstrip()):
            return None
        self.messages = {message.pk: message for message in messages}
        return places

    @cached_property
    def data(self) -> StudyData:
        return StudyData(self.study, profile_named("restricted"), language=self.study.language)

    def _of_selection(
        self, selection: ElementTree.Element, conversation: Conversation, laid: Mapping[int, Place]
    ) -> Iterator[CodingLine]:
        start, end = int(selection.get("startPosition") or 0), int(selection.get("endPosition") or 0)
        inside = [(pk, place) for pk, place in laid.items() if start < place.end and end > place.start]
        for coding in selection.findall(f"{Q}Coding"):
            coder = self.users.get(coding.get("creatingUser") or selection.get("creatingUser"), "")
            ref = coding.find(f"{Q}CodeRef")
            code = self.codes.get((ref.get("targetGUID") or "").lower()) if ref is not None else None
            if coder == SETTLER or code is None:
                continue
            variable = code.variable
            value = code.category.key if code.category else selection.findtext(f"{Q}Description") or ""
            cells: dict[str, Any] = {
                "round": _round_of(selection, variable),
                "coder": coder,
                "conversation_id": conversation.key,
                "variable": variable.key,
                "value": value,
            }
            if variable.level != "conversation":
                if len(inside) != 1:
                    sentence = _(
                        "%(variable)s of %(coder)s in conversation %(key)s covers %(n)d messages; it is "
                        "about one"
                    )
                    facts = {
                        "variable": variable.key,
                        "coder": coder,
                        "key": conversation.key,
                        "n": len(inside),
                    }
                    self.problems.append(sentence % facts)
                    continue
                pk, place = inside[0]
                message = self.messages[pk]
                cells["message_id"] = message.external_id
                if variable.level == "span":
                    cells["start"] = str(_position(message, place, max(start, place.start)))
                    cells["end"] = str(_position(message, place, min(end, place.end)))
            self.number += 1
            yield CodingLine(self.number, cells)

    @cached_property
    def codes(self) -> dict[str, _Code]:
        """GUID in the file -> what it means: by our own GUIDs, else by the names of code and parent."""
        specs = self._specs()
        own: dict[str, _Code] = {}
        for spec in specs:
            for variable in spec.variables:
                own.setdefault(guid(spec.key, variable.key), _Code(variable, None))
                for category in variable.options:
                    key = guid(spec.key, variable.key, category.key)
                    own.setdefault(key, _Code(variable, category))
        found: dict[str, _Code] = {}
        for top in self.root.findall(f"{Q}CodeBook/{Q}Codes/{Q}Code"):
            above = self._variable_of(own, top, specs)
            for below in top.iter(f"{Q}Code"):
                key = (below.get("guid") or "").lower()
                meant = own.get(key) or (above and self._named(above, below))
                if meant:
                    found[key] = meant
        return found

    @staticmethod
    def _named(variable: VariableSpec, element: ElementTree.Element) -> _Code | None:
        """What a code below (or of) the variable means by its name."""
        if not variable.options:
            return _Code(variable, None)
        same = [category for category in variable.options if element.get("name") in _labels(category)]
        return _Code(variable, same[0]) if same else None

    def _variable_of(
        self, own: Mapping[str, _Code], code: ElementTree.Element, specs: list[CodebookSpec]
    ) -> VariableSpec | None:
        mine = own.get((code.get("guid") or "").lower())
        if mine:
            return mine.variable
        variables = (variable for spec in specs for variable in spec.variables)
        return next((variable for variable in variables if code.get("name") in _labels(variable)), None)

    def _specs(self) -> list[CodebookSpec]:
        """Of the study's own version and of each that a round was coded with."""
        used = {self.study.codebook_version_id, *self.study.rounds.values_list("codebook_version", flat=True)}
        newest = CodebookVersion.objects.filter(pk__in=used).order_by("-number").values_list("pk", flat=True)
        return [lookup(pk).spec for pk in newest]


def _parsed(xml: bytes, name: str) -> ElementTree.Element:
    """A project needs no document type; one can make a small file endless."""
    try:
        return safely(xml, forbid_dtd=True)
    except DefusedXmlException:
        sentence = _("%(file)s: project.qde in it has a document type, which is not read.")
        raise BadInput(sentence % {"file": name}) from None


def _is_same(whole: str, text: str) -> bool:
    """Whether a text is the stored one, where it is not masked."""
    return len(whole) == len(text) and all(
        own == other or other == BULLET for own, other in zip(whole, text, strict=True)
    )


def _labels(item: VariableSpec | CategorySpec) -> set[str]:
    return {item.key, *item.label.values()}


def _round_of(selection: ElementTree.Element, variable: VariableSpec) -> str:
    """The round, where the selection still has the name that our file gave it."""
    name = selection.get("name") or ""
    ending = f" · {variable.key}"
    return name.removesuffix(ending) if name.endswith(ending) else ""


def _position(message: Message, place: Place, position: int) -> int:
    """The position in the stored text; `shifted` turned round."""
    wanted = position - place.start
    for before in range(wanted, len(message.text) + 1):
        if shifted(place.text, before) == wanted:
            return before
    return len(message.text)
