"""What was understood of files before anything is stored: format, columns, damage, first conversations."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from ...common.masking import mask
from ...models import Study
from ..facts.context import guess_role
from ..facts.handles import Handles
from ..group.corpus import Corpus
from ..group.threads import Node, Thread
from ..read.budget import OverBudget, budget
from ..read.column_names import FIELDS
from ..read.formats import choose
from ..read.formats.base import Head, Reader, Recognition
from ..read.formats.table import TableReader
from ..read.json_table import is_json_table
from ..read.rows import MessageRow, Problem, Read, ReadOptions, Sample, Tally, author_key
from ..read.tables import guess_delimiter, is_spreadsheet
from ..read.textfile import survey
from ..read.unpack import unwrapped
from ..report import language
from ..store.commit import ImportChoices
from ..store.detection import Detection, removed_from, scan
from ..wording import repair_name

ROWS = 2000
SECONDS = 8  # of looking, and bytes of it: a page is waiting
BYTES = 64 << 20
CONVERSATIONS = 4
MESSAGES = 8
PROBLEMS = 20
VALUES = 3
LONGEST = 60
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16": "UTF-16",
    "windows-1252": "Windows-1252",
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(slots=True)
class Column:
    """A column of a table: its name, some of its values, and the field it is read as ("" for none)."""

    name: str
    values: list[str]
    field: str
    guess: str = ""


@dataclass(slots=True)
class FilePreview:
    """One file. `how` says how its format was known; `columns` is empty where the file is no table."""

    name: str
    format: str = ""
    label: str = ""
    how: str = ""
    encoding: str = ""
    delimiter: str = ""
    columns: list[Column] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    rows: int = 0
    is_whole: bool = True


@dataclass(slots=True)
class Shown:
    """A message as it will look."""

    role: str
    who: str
    handle: str
    text: str
    at: datetime | None
    is_present: bool
    masked: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Preview:
    """`refused` holds sentences that stand in the way of an import; `notes` those that do not."""

    files: list[FilePreview]
    conversations: list[list[Shown]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    repairs: list[tuple[str, int]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    removed: list[tuple[str, int]] = field(default_factory=list)
    bad_rows: int = 0
    conversation_count: int = 0
    message_count: int = 0

    @property
    def is_whole(self) -> bool:
        return all(file.is_whole for file in self.files)

    @property
    def is_table(self) -> bool:
        return any(file.columns for file in self.files)


class _Beginning:
    """A reader that stops after the first rows."""

    def __init__(self, reader: Reader, file: FilePreview):
        self.reader, self.file = reader, file
        self.name, self.label = reader.name, reader.label

    def sniff(self, head: Head) -> Recognition | None:
        return self.reader.sniff(head)

    def read(self, path: Path, options: ReadOptions, tally: Tally) -> Read:
        rows = self.reader.read(path, options, tally)
        self.file.is_whole = False
        try:
            yield from islice(rows, ROWS)
            self.file.is_whole = next(rows, None) is None
        except OverBudget:
            yield Problem(self.file.name, 0, "only_beginning", "notice")
        self.file.rows = tally.rows - (not self.file.is_whole)


def look_at(study: Study, files: Sequence[tuple[str, Path]], choices: ImportChoices) -> Preview:
    """Read the first rows of every file, within a budget. Problems are in the answer; raises OSError only."""
    preview = Preview([])
    hides = study.privacy != Study.Privacy.OPEN
    with (
        Corpus(skip_bad_rows=choices.skip_bad_rows) as corpus,
        tempfile.TemporaryDirectory(prefix="import-") as folder,
        budget(seconds=SECONDS, size=BYTES),
    ):
        for given, packed in files:
            for found in unwrapped(given, packed, Path(folder)):
                if isinstance(found, Problem):
                    preview.files.append(FilePreview(given))
                    preview.refused.append(found.sentence(language()))
                else:
                    _look_at_file(preview, corpus, *found, choices, hides=hides)
        for problem in corpus.problems[:PROBLEMS]:
            into = preview.notes if problem.severity == "notice" else preview.refused
            if problem.severity == "row" and choices.skip_bad_rows:
                into = preview.notes
            into.append(problem.sentence(language()))
        preview.bad_rows = corpus.bad_rows
        preview.samples = [] if hides else corpus.samples[:5]
        preview.repairs = [(repair_name(kind, language()), n) for kind, n in sorted(corpus.repairs.items())]
        threads = list(_threads(corpus))
        preview.conversation_count = len(threads)
        preview.message_count = sum(len(thread.nodes) - thread.placeholders for thread in threads)
        if study.privacy == Study.Privacy.STRICT:
            preview.removed = _what_would_be_removed(study, threads)
        preview.conversations = _as_they_will_look(study, threads)
    return preview


def _look_at_file(
    preview: Preview, corpus: Corpus, name: str, path: Path, choices: ImportChoices, *, hides: bool
) -> None:
    file = FilePreview(name)
    preview.files.append(file)
    chosen = choose(path, choices.format, name)
    if isinstance(chosen, Problem):
        preview.refused.append(chosen.sentence(language()))
        return
    reader, recognition = chosen
    file.format, file.label = reader.name, reader.label
    file.how = recognition.how(language()) if recognition else ""
    try:
        if isinstance(reader, TableReader):
            _table(file, reader, path, choices, hides)
    except OverBudget:
        preview.refused.append(Problem(name, 0, "takes_too_long", "file").sentence(language()))
        return
    corpus.read(path, _Beginning(reader, file), choices.options(name))


def _what_would_be_removed(study: Study, threads: list[Thread[MessageRow]]) -> list[tuple[str, int]]:
    """Kinds of information and how often, in the messages that were looked at: an import cannot undo it."""
    how = Detection(Handles(study).all, strict=True)
    rows = [node.message for thread in threads for node in thread.nodes]
    texts = [(row.text, "") for row in rows if row is not None and row.state == "present"]
    counts: Counter[str] = Counter()
    for masked, spans, _asked in scan(texts, how):
        counts.update(removed_from(masked, spans))
    return sorted(counts.items())


def _threads(corpus: Corpus) -> Iterator[Thread[MessageRow]]:
    corpus.group()
    yield from corpus.conversations()


def _table(file: FilePreview, reader: TableReader, path: Path, choices: ImportChoices, hides: bool) -> None:
    """The columns of a table: some values, what each is read as, and what it would be without a mapping."""
    options = choices.options(file.name)
    if not is_spreadsheet(path) and not is_json_table(path):
        found = survey(path)
        file.encoding = ENCODINGS.get(found.encoding, found.encoding)
        with path.open("rb") as raw:
            head = raw.read(1 << 16).decode(found.encoding, "replace")
        file.delimiter = DELIMITERS.get(guess_delimiter(head.replace("\r\n", "\n")), "")
    tally = Tally()
    layout, _rows = reader.layout(path, options, tally)
    file.sheets = tally.sheets
    _rows.close()
    plain, _rows = (
        reader.layout(path, replace(options, columns={}), Tally()) if options.columns else (layout, _rows)
    )
    _rows.close()
    if isinstance(layout, Problem) or isinstance(plain, Problem):
        return
    used = {part: name for name in layout.columns for part in layout.parts(name)}
    guessed = {part: name for name in plain.columns for part in plain.parts(name)}
    sample = [row[1] for row in layout.ahead[:200] if not isinstance(row, Problem)]
    for index, name in enumerate(layout.header[: layout.width]):
        values = [cells[index] for cells in sample if index < len(cells) and cells[index]]
        shown = [_short(value, hides) for value in values[:VALUES]]
        chosen = used.get(index, "")
        file.columns.append(Column(name, shown, chosen if chosen in FIELDS else "", guessed.get(index, "")))


def _short(value: str, hides: bool) -> str:
    """The beginning of a cell; in a masked study without what may be personal data."""
    if hides:
        value = mask(value, ((found[0], found[1]) for found in scan([(value, "")], Detection())[0][1]))
    return value if len(value) <= LONGEST else value[:LONGEST] + "…"


def _as_they_will_look(study: Study, threads: list[Thread[MessageRow]]) -> list[list[Shown]]:
    """The first conversations, those with an answer and nothing missing before others."""
    order = sorted(
        threads,
        key=lambda thread: (len(thread.nodes) < 2, thread.placeholders > 0, len(thread.nodes) > MESSAGES),
    )
    handles = Handles(study)
    keys = {name: str(pk) for name, pk in handles.organisation_of.items()}
    how = Detection(handles.all)
    return [
        [
            _shown(node, keys, how, hides=study.privacy != Study.Privacy.OPEN)
            for node in thread.nodes[:MESSAGES]
        ]
        for thread in order[:CONVERSATIONS]
    ]


def _shown(node: Node[MessageRow], keys: dict[str, str], how: Detection, *, hides: bool) -> Shown:
    row = node.message
    if row is None or row.state != "present":
        return Shown("", "", "", "", row.created_at if row else None, is_present=False)
    role = guess_role(row.author_handle, inbound=row.inbound, role_hint=row.role_hint, handles=keys).role
    masked = (
        [(candidate[0], candidate[1]) for candidate in scan([(row.text, role)], how)[0][1]] if hides else []
    )
    handle = row.author_handle or author_key(row) or ""
    return Shown(role, row.author_name or "", handle, row.text, row.created_at, True, masked)
