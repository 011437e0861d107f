"""A coded table, checked against codebook and study: which texts, who gave which answer. Writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from ....codebooks.lookup import lookup
from ....common.portions import portions
from ....errors import BadInput
from ....importing.read.column_names import FIELDS
from ....importing.read.formats.table import TableReader
from ....importing.read.gate import pass_gate
from ....importing.read.rows import Problem, ReadOptions, Tally
from ....importing.report import language
from ....models import Message, Study
from ..lines import LONGEST, CodingLine, at_line
from .choices import CODER, NEW, Choices, meanings_of
from .meaning import Meaning, Meanings
from .table import CodedTable

OWN_ID = "id_made"
"""The column in which texts without an id get one."""
PORTION = 5_000


@dataclass
class Counted:
    """A coded column: (cell, its label) -> how often, and what it means; None where it fits nothing."""

    index: int
    meanings: Meanings
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    means: dict[tuple[str, str], Meaning | None] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        given = {key for key, meaning in self.means.items() if meaning and meaning.value is not None}
        return sum(n for key, n in self.cells.items() if key in given)


class Dataset:
    """`ids`: of the message that each row is about. `problems`: sentences that refuse the file."""

    def __init__(self, study: Study, table: CodedTable, choices: Choices, version_id: int) -> None:
        self.study, self.table, self.choices = study, table, choices
        spec = lookup(version_id).spec
        self.problems: list[str] = list(table.problems)
        self.notes: list[str] = []
        self.counted: list[Counted] = []
        self.new: list[int] = []
        for index, name in enumerate(table.header):
            meanings = meanings_of(choices, spec, name)
            if meanings is not None:
                self.counted.append(Counted(index, meanings))
            elif choices.role(name) == NEW:
                self.new.append(index)
        self.fields: dict[str, list[str]] = defaultdict(list)
        for name in table.header:
            if (role := choices.role(name)) in FIELDS:
                self.fields[role].append(name)
        self.has_texts = "text" in self.fields
        self._coder_at = self._index(CODER)
        self._check_choices()
        self.ids: list[str] = []
        self.coders = [self._coder(cells) for _line, cells in table.rows]
        self.answers = 0

    @property
    def modules(self) -> list[str]:
        """Of the codebook, that the columns answer questions of."""
        return sorted({counted.meanings.variable.module for counted in self.counted})

    def check(self, texts: Path) -> None:
        """Look at every row; what is wrong is in `problems`. `texts`: where `write_texts` writes."""
        if not self.has_texts and "id" not in self.fields:
            return
        self.write_texts(texts)
        self._check_coders()
        self._check_cells()
        self._check_twice()

    def _check_choices(self) -> None:
        if not self.has_texts and "id" not in self.fields:
            self.problems.append(
                _("%(file)s: no column holds the text, nor the id of a message of this study; choose one.")
                % {"file": self.table.name}
            )
        if not self.counted and not self.new:
            self.problems.append(
                _("%(file)s: no column holds codes; choose one.") % {"file": self.table.name}
            )
        twice = Counter(counted.meanings.variable.key for counted in self.counted)
        for key, times in twice.items():
            if times > 1:
                sentence = _("%(file)s: %(n)d columns hold %(variable)s; choose one.")
                self.problems.append(sentence % {"file": self.table.name, "n": times, "variable": key})

    # The texts

    def write_texts(self, path: Path) -> None:
        """A file that the import of conversations reads: each text once, without the codes."""
        held = [self.table.header.index(name) for name in self.table.header if self._is_of_text(name)]
        names = [self.table.header[index] for index in held]
        made = self._made_ids() if "id" not in self.fields and "permalink" not in self.fields else None
        lines: list[int] = []
        with path.open("w", encoding="utf-8") as file:
            for row, (_line, cells) in enumerate(self.table.rows):
                record = dict(zip(names, (cells[index] for index in held), strict=True))
                if made is not None:
                    record[OWN_ID] = made[row]
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                lines.append(row)
        if self.has_texts:
            self._read_texts(path)
        else:
            at = self.table.header.index(self.fields["id"][0])
            self.ids = [cells[at].strip() for _line, cells in self.table.rows]
            self._check_known()

    def mapping(self) -> dict[str, str]:
        """Field -> column of that file; fields that no column is to hold are empty."""
        found = {our: " + ".join(self.fields.get(our, ())) for our in FIELDS}
        if not found["id"] and not found["permalink"]:
            found["id"] = OWN_ID
        elif not found["id"]:
            del found["id"]
        return found

    def _is_of_text(self, name: str) -> bool:
        return self.choices.role(name) in FIELDS

    def _made_ids(self) -> list[str]:
        """The same for the same text of the same author and time, so that coders of one text meet. Where one
        coder has it twice, it is two messages.
        """
        parts = ("text", "author_handle", "author_id", "author_name", "created_at", "conversation_id")
        held = [self.table.header.index(name) for part in parts for name in self.fields.get(part, ())]
        times: Counter[tuple[str, str]] = Counter()
        found = []
        for (_line, cells), coder in zip(self.table.rows, self.coders, strict=True):
            digest = hashlib.sha256("\0".join(cells[index].strip() for index in held).encode()).hexdigest()[
                :20
            ]
            times[coder, digest] += 1
            again = times[coder, digest]
            found.append(f"made-{digest}-{again}" if again > 1 else f"made-{digest}")
        return found

    def _read_texts(self, path: Path) -> None:
        """As the import will: what it would refuse is told with the line of the file itself."""
        options = ReadOptions(columns=self.mapping(), file_name=self.table.name)
        tally = Tally()
        lines = [line for line, _cells in self.table.rows]
        self.ids = [""] * len(lines)
        first: dict[str, tuple[int, str]] = {}
        for given in TableReader().read(path, options, tally):
            row = given.line - 1 if 0 < given.line <= len(lines) else None
            found = pass_gate(given, tally.repairs) if not isinstance(given, Problem) else given
            if isinstance(found, Problem):
                placed = replace(found, line=lines[row] if row is not None else 0, file=self.table.name)
                kept = self.notes if found.severity == "notice" else self.problems
                kept.append(placed.sentence(language()))
                continue
            assert row is not None
            self.ids[row] = found.external_id
            digest = hashlib.sha256(found.text.encode("utf-8", "surrogatepass")).hexdigest()
            before = first.setdefault(found.external_id, (lines[row], digest))
            if before[1] != digest:
                sentence = _("message %(id)s has another text than on line %(other)d")
                facts = {"id": found.external_id, "other": before[0]}
                self.problems.append(at_line(self.table.name, lines[row], sentence % facts))

    def _check_known(self) -> None:
        """Without texts the messages are there already."""
        known: set[str] = set()
        for some in portions(sorted(set(self.ids)), PORTION):
            found = Message.objects.filter(study=self.study, external_id__in=some)
            known |= set(found.values_list("external_id", flat=True))
        for (line, _cells), identifier in zip(self.table.rows, self.ids, strict=True):
            if identifier not in known:
                sentence = _("message %(id)s is not in this study") % {"id": identifier or _("without an id")}
                self.problems.append(at_line(self.table.name, line, sentence))

    # Coders and codes

    def _index(self, role: str) -> int | None:
        name = self.choices.column_of(role)
        return self.table.header.index(name) if name in self.table.header else None

    def _coder(self, cells: Sequence[str]) -> str:
        if self._coder_at is None:
            return self.choices.coder.strip()
        cell = cells[self._coder_at].strip()
        return self.table.label(self._coder_at, cell) or cell

    def _check_coders(self) -> None:
        if self._coder_at is None and not self.choices.coder.strip():
            self.problems.append(
                _("%(file)s: say who coded it, or choose the column that does.") % {"file": self.table.name}
            )
            return
        for (line, _cells), coder in zip(self.table.rows, self.coders, strict=True):
            if not coder:
                self.problems.append(at_line(self.table.name, line, _("no coder is named")))
            elif len(coder) > LONGEST["coder"]:
                self.problems.append(at_line(self.table.name, line, _("the name of the coder is too long")))

    def _check_cells(self) -> None:
        for line, cells in self.table.rows:
            for counted in self.counted:
                cell = cells[counted.index].strip()
                label = self.table.label(counted.index, cell)
                meaning = counted.meanings.of(cell, label, self.table.is_missing(counted.index, cell))
                counted.cells[cell, label] += 1
                counted.means[cell, label] = meaning
                if meaning is None:
                    facts = {
                        "column": self.table.header[counted.index],
                        "cell": cell[:60],
                        "variable": counted.meanings.variable.key,
                    }
                    sentence = _("“%(cell)s” in column %(column)s fits no answer to %(variable)s") % facts
                    self.problems.append(at_line(self.table.name, line, sentence))
                elif meaning.value is not None:
                    self.answers += 1

    def _check_twice(self) -> None:
        first: dict[tuple[str, str], int] = {}
        for (line, _cells), coder, identifier in zip(self.table.rows, self.coders, self.ids, strict=True):
            if not identifier or not coder:
                continue
            before = first.setdefault((coder, identifier), line)
            if before != line:
                sentence = _(
                    "%(coder)s coded message %(id)s on line %(other)d already; choose the column that names "
                    "the coder"
                )
                facts = {"coder": coder, "id": identifier, "other": before}
                self.problems.append(at_line(self.table.name, line, sentence % facts))

    def lines(self) -> Iterator[CodingLine]:
        """A line per answer. After `check`, and once the texts are stored. Raises BadInput."""
        if self.problems:
            raise BadInput(self.problems)
        conversations = self._conversations()
        given: dict[tuple[str, str, str], tuple[int, tuple[str, ...]]] = {}
        problems = []
        for (line, cells), coder, identifier in zip(self.table.rows, self.coders, self.ids, strict=True):
            for counted in self.counted:
                cell = cells[counted.index].strip()
                meaning = counted.means[cell, self.table.label(counted.index, cell)]
                if meaning is None or meaning.value is None:
                    continue
                variable = counted.meanings.variable
                about = {"message_id": identifier, "conversation_id": ""}
                if variable.level == "conversation":
                    key = conversations.get(identifier, "")
                    about = {"message_id": "", "conversation_id": key}
                    before = given.setdefault((coder, key, variable.key), (line, meaning.written))
                    if before[0] != line:
                        if before[1] != meaning.written:
                            sentence = _(
                                "%(variable)s is about the conversation, and has another value on line "
                                "%(other)d"
                            )
                            facts = {"variable": variable.key, "other": before[0]}
                            problems.append(at_line(self.table.name, line, sentence % facts))
                        continue
                for written in meaning.written:
                    yield CodingLine(
                        line, {"coder": coder, "variable": variable.key, "value": written, **about}
                    )
        if problems:
            raise BadInput(problems)

    def _conversations(self) -> dict[str, str]:
        """Message -> conversation, where a variable is about conversations."""
        found: dict[str, str] = defaultdict(str)
        if all(counted.meanings.variable.level != "conversation" for counted in self.counted):
            return found
        for some in portions(sorted(set(self.ids)), PORTION):
            rows = Message.objects.filter(study=self.study, external_id__in=some)
            found |= dict(rows.values_list("external_id", "conversation__key"))
        return found
