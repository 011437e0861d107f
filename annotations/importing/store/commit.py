"""Files into the database: the only writer of what an import makes. All or nothing, in one transaction."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import F
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from ...common.bulk import check_keys_at_once, roomy, seldom_collecting, update_statistics_after
from ...errors import BadInput
from ...models import Account, Candidate, Conversation, Event, ImportBatch, Message, Study
from ..facts.handles import Handles
from ..facts.signatures import Signatures
from ..group.corpus import Corpus
from ..group.threads import Thread
from ..read.formats import choose
from ..read.rows import MessageRow, Problem, ReadOptions, Tally
from ..read.unpack import unwrapped
from ..report import Report, language, refusal
from .accounts import People
from .already_stored import AlreadyStored
from .conversations import Prepared, Store, rows_of
from .detection import Detection
from .merging import Merger, Opening
from .scanning import Scanner
from .study_rules import as_rules, in_force, number_for_import, version_of
from .turns import alone_with, patiently
from .writer import Writer

PORTION = 2000  # messages in one round of writing
MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """`phase` is reading, grouping, waiting (others are writing) or storing; `rows` counts rows read, `share`
    is of the phase, if known.
    """

    phase: str
    rows: int
    share: float | None


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """How files are to be read, as a person or a command chose it."""

    format: str = "auto"
    mapping: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None
    repair_mojibake: bool = False
    skip_bad_rows: bool = False
    sheet: str | None = None

    def options(self, name: str | None = None) -> ReadOptions:
        return ReadOptions(
            columns=dict(self.mapping),
            timezone=self.timezone,
            repair_mojibake=self.repair_mojibake,
            sheet=self.sheet or None,
            file_name=name,
        )


def import_files(
    study: Study,
    paths: Sequence[Path | str],
    *,
    format: str = "auto",
    mapping: Mapping[str, str] | None = None,
    timezone: str | None = None,
    repair_mojibake: bool = False,
    skip_bad_rows: bool = False,
    sheet: str | None = None,
    dry_run: bool = False,
    actor_id: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Read files and store their conversations; importing a file again adds nothing and touches no coding.

    mapping: our field -> the file's column, or several as `Date + Time`. sheet: of a workbook. timezone:
    IANA name for times without one. dry_run: do everything and keep nothing, so that the report is exact.
    Raises BadInput with a sentence per problem; then nothing is stored.
    """
    choices = ImportChoices(format, mapping or {}, timezone, repair_mojibake, skip_bad_rows, sheet)
    files = [(Path(path).name, Path(path)) for path in paths]

    def make() -> ImportBatch:
        return ImportBatch(study=study, created_by_id=actor_id, started_at=clock.now())

    return import_named(
        study, files, choices, make, actor_id=actor_id, dry_run=dry_run, on_progress=on_progress
    )


def import_named(
    study: Study,
    files: Sequence[tuple[str, Path]],
    choices: ImportChoices,
    batch_of: Callable[[], ImportBatch],
    *,
    actor_id: int | None = None,
    dry_run: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
    """The same for files whose name on disk is not the name people know: (name, path).

    `batch_of` gives the batch to record the import in; it is called inside the transaction and may raise to
    stop everything.
    """
    tell = on_progress or (lambda progress: None)
    signed = Signatures()
    _check_zone(choices.timezone)
    with seldom_collecting(), Corpus(skip_bad_rows=choices.skip_bad_rows, on_row=signed.see) as corpus:
        formats = _read_all(corpus, files, choices, tell)
        if corpus.refused:
            raise refusal(corpus.problems, corpus.bad_rows)
        tell(Progress("grouping", corpus.rows, None))
        corpus.group()
        described = [_described(name, path) for name, path in files]

        def wait() -> None:
            tell(Progress("waiting", corpus.rows, None))

        with roomy(), patiently(wait):
            study = alone_with(study.pk, wait)
            batch = batch_of()
            batch.state = ImportBatch.State.RUNNING
            batch.files, batch.format, batch.options = described, formats, asdict(choices)
            batch.save()
            check_keys_at_once()
            report = _store(corpus, study, batch, signed, tell)
            report.format = formats
            _finish(batch, report, actor_id)
            update_statistics_after(Account, Conversation, Message, Candidate)
            if dry_run:
                transaction.set_rollback(True)
    return report


def _check_zone(name: str | None) -> None:
    try:
        ZoneInfo(name or "UTC")
    except (ValueError, OSError, ZoneInfoNotFoundError) as why:
        raise BadInput(
            _("There is no time zone %(name)s; write it as Europe/Amsterdam.") % {"name": name}
        ) from why


def _read_all(
    corpus: Corpus,
    files: Sequence[tuple[str, Path]],
    choices: ImportChoices,
    tell: Callable[[Progress], None],
) -> str:
    if not files:
        raise BadInput(_("No file was given; choose at least one."))
    formats: list[str] = []
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        for given, packed in files:
            for found in unwrapped(given, packed, Path(folder)):
                if isinstance(found, Problem):
                    raise refusal([found], 1)
                name, path = found
                chosen = choose(path, choices.format, name)
                if isinstance(chosen, Problem):
                    raise refusal([chosen], 1)
                reader, _how = chosen
                if reader.name not in formats:
                    formats.append(reader.name)
                size = path.stat().st_size or 1

                def progress(tally: Tally, before: int = corpus.rows, size: int = size) -> None:
                    tell(Progress("reading", before + tally.rows, min(tally.bytes_read / size, 1)))

                corpus.read(path, reader, choices.options(name), progress)
                if path != packed:
                    path.unlink()
    return ", ".join(formats)


def _store(
    corpus: Corpus,
    study: Study,
    batch: ImportBatch,
    signed: Signatures,
    tell: Callable[[Progress], None],
) -> Report:
    handles = Handles(study)
    number = number_for_import(study)
    how = Detection(
        handles.all,
        strict=study.privacy == Study.Privacy.STRICT,
        version=version_of(number),
        rules=as_rules(in_force(study, number)),
    )
    done, total = 0, len(corpus.grouping.rows) if corpus.grouping else 0
    with Scanner(how, total) as scanner, Writer() as writer:
        store = Store(study, batch, handles, People(study, handles, signed.count), scanner, writer)
        already = AlreadyStored(study, store.report)
        merger = Merger(store)
        waiting: deque[tuple[Opening, Prepared]] = deque()
        for threads in _portions(corpus.conversations()):
            writer.wait()
            divided = already.divide(threads)
            store.people.of([row for thread in divided.others + divided.new for row in rows_of(thread)])
            waiting.append((merger.prepare(divided), store.prepare(divided.new)))
            if len(waiting) > scanner.ahead:
                _write(*waiting.popleft(), merger, store)
            done += sum(len(thread.nodes) for thread in threads)
            tell(Progress("storing", corpus.rows, min(done / total, 1) if total else 1))
        for opening, prepared in waiting:
            _write(opening, prepared, merger, store)
        for opened in merger.finish():
            merger.merge(opened)
        store.flush()
    report = store.report
    report.rows = corpus.rows
    report.duplicates = corpus.duplicates
    report.repairs = dict(sorted((corpus.repairs + merger.repairs + Counter(report.repairs)).items()))
    problems = [*corpus.problems, *merger.problems]
    report.problems = [problem.as_json(language()) for problem in problems[:MOST_PROBLEMS]]
    return report


def _write(opening: Opening, prepared: Prepared, merger: Merger, store: Store) -> None:
    """Work out one portion while the one before it is being written."""
    store.writer.wait()
    opened = merger.open(opening)
    ids = store.ids_for(prepared.threads)
    store.flush()
    if opened is not None:
        merger.merge(opened)
    store.add_new(prepared, ids)


def _portions(threads: Iterator[Thread[MessageRow]]) -> Iterator[list[Thread[MessageRow]]]:
    portion: list[Thread[MessageRow]] = []
    size = 0
    for thread in threads:
        portion.append(thread)
        size += len(thread.nodes)
        if size >= PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _finish(batch: ImportBatch, report: Report, actor_id: int | None) -> None:
    batch.state = ImportBatch.State.DONE
    batch.finished_at = clock.now()
    batch.report = report.as_json()
    batch.rows_done = report.rows
    batch.save()
    _note_version(batch.study, version_of(number_for_import(batch.study)))
    counts = {name: value for name, value in report.as_json().items() if isinstance(value, int) and value}
    Event.objects.record(
        "import.done",
        actor_id=actor_id,
        study_id=batch.study_id,
        subject=batch,
        after={"format": report.format, **counts},
    )


def _note_version(study: Study, version: str) -> None:
    """The study shows the candidates of the version that read the new messages. Its earlier messages have
    none of that version until the study is scanned again: which one they were read with is kept till then."""
    rows = Study.objects.filter(pk=study.pk)
    rows.filter(earlier_detector_version="").exclude(detector_version=version).update(
        earlier_detector_version=F("detector_version")
    )
    rows.update(detector_version=version)


def _described(name: str, path: Path) -> dict[str, Any]:
    if path.is_dir():
        return {"name": name}
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": name, "sha256": digest, "bytes": path.stat().st_size}
