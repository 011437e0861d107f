"""Files into the database: the only writer of what an import makes. All or nothing, in one transaction."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from ..errors import BadInput
from ..models import Event, ImportBatch, Study
from ..pii import DETECTOR_VERSION
from .corpus import Corpus
from .detect import Detection
from .known import Known
from .limits import Fitting, Seen
from .merging import Merger
from .people import Handles, People
from .readers import choose
from .report import Report, language, refusal
from .rows import MessageRow, Problem, ReadOptions, Tally
from .scanning import Scanner
from .storing import Prepared, Store
from .threads import Thread

AT_ONCE = 2000  # messages in one round of writing
MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """`phase` is reading, grouping or storing; `rows` counts rows read, `share` is of the phase, if known."""

    phase: str
    rows: int
    share: float | None


def import_files(
    study: Study,
    paths: Sequence[Path | str],
    *,
    format: str = "auto",
    mapping: Mapping[str, str] | None = None,
    timezone: str | None = None,
    repair_mojibake: bool = False,
    skip_bad_rows: bool = False,
    dry_run: bool = False,
    actor_id: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Read files and store their conversations; importing a file again adds nothing and touches no coding.

    mapping: our field -> the file's column. timezone: IANA name for times without one. dry_run: do everything
    and keep nothing, so that the report is exact. Raises BadInput with a sentence per problem; then nothing
    is stored.
    """
    options = ReadOptions(columns=dict(mapping or {}), timezone=timezone, repair_mojibake=repair_mojibake)
    tell = on_progress or (lambda progress: None)
    seen = Seen()
    with Corpus(skip_bad_rows=skip_bad_rows) as corpus:
        formats = _read_all(corpus, [Path(one) for one in paths], format, options, seen, tell)
        if corpus.refused:
            raise refusal(corpus.problems, corpus.bad_rows)
        tell(Progress("grouping", corpus.rows, None))
        corpus.group()
        with transaction.atomic():
            study = Study.objects.select_for_update().get(pk=study.pk)
            batch = ImportBatch.objects.create(
                study=study,
                created_by_id=actor_id,
                started_at=clock.now(),
                state=ImportBatch.State.RUNNING,
                files=[_described(Path(one)) for one in paths],
                format=formats,
                options=asdict(options) | {"skip_bad_rows": skip_bad_rows},
            )
            report = _store(corpus, study, batch, seen, tell)
            report.format = formats
            _finish(batch, report, actor_id)
            if dry_run:
                transaction.set_rollback(True)
    return report


def _read_all(
    corpus: Corpus,
    paths: Sequence[Path],
    format_name: str,
    options: ReadOptions,
    seen: Seen,
    tell: Callable[[Progress], None],
) -> str:
    if not paths:
        raise BadInput(_("No file was given; choose at least one."))
    formats: list[str] = []
    for path in paths:
        chosen = choose(path, format_name)
        if isinstance(chosen, Problem):
            raise refusal([chosen], 1)
        reader, _how = chosen
        if reader.name not in formats:
            formats.append(reader.name)
        size = path.stat().st_size or 1

        def progress(tally: Tally, before: int = corpus.rows, size: int = size) -> None:
            tell(Progress("reading", before + tally.rows, min(tally.bytes_read / size, 1)))

        try:
            corpus.read(path, Fitting(reader, seen), options, progress)
        except OSError as why:
            raise BadInput(
                _("%(file)s: the file cannot be read (%(why)s).") % {"file": path.name, "why": why.strerror}
            ) from why
    return ", ".join(formats)


def _store(
    corpus: Corpus,
    study: Study,
    batch: ImportBatch,
    seen: Seen,
    tell: Callable[[Progress], None],
) -> Report:
    handles = Handles(study)
    how = Detection(handles.all, strict=study.privacy == Study.Privacy.STRICT)
    done, total = 0, len(corpus.grouping.rows) if corpus.grouping else 0
    with Scanner(how, total) as scanner:
        store = Store(study, batch, handles, People(study, handles, seen.signed), scanner)
        known = Known(study, store.report)
        merger = Merger(store)
        waiting: deque[Prepared] = deque()
        for threads in _portions(corpus.conversations()):
            new, others = known.divide(threads)
            waiting.append(store.prepare(new))
            if len(waiting) > scanner.ahead:
                store.add_new(waiting.popleft())
            for thread in others:
                merger.merge(thread)
            done += sum(len(thread.nodes) for thread in threads)
            tell(Progress("storing", corpus.rows, min(done / total, 1) if total else 1))
        for prepared in waiting:
            store.add_new(prepared)
    report = store.report
    report.rows = corpus.rows
    report.duplicates = corpus.duplicates
    report.repairs = dict(sorted((corpus.repairs + merger.repairs).items()))
    problems = [*corpus.problems, *merger.problems]
    report.problems = [one.as_json(language()) for one in problems[:MOST_PROBLEMS]]
    return report


def _portions(threads: Iterator[Thread[MessageRow]]) -> Iterator[list[Thread[MessageRow]]]:
    portion: list[Thread[MessageRow]] = []
    size = 0
    for thread in threads:
        portion.append(thread)
        size += len(thread.nodes)
        if size >= AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _finish(batch: ImportBatch, report: Report, actor_id: int | None) -> None:
    batch.state = ImportBatch.State.DONE
    batch.finished_at = clock.now()
    batch.report = report.as_json()
    batch.rows_done = report.rows
    batch.progress = 1
    batch.save()
    Study.objects.filter(pk=batch.study_id).update(detector_version=DETECTOR_VERSION)
    counts = {name: value for name, value in report.as_json().items() if isinstance(value, int) and value}
    Event.objects.record(
        "import.done",
        actor_id=actor_id,
        study_id=batch.study_id,
        subject=batch,
        after={"format": report.format, **counts},
    )


def _described(path: Path) -> dict[str, Any]:
    if path.is_dir():
        return {"name": path.name}
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "sha256": digest, "bytes": path.stat().st_size}
