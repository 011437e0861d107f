"""A document as a file: made in the background where many figures are still to be drawn, and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django_tasks import task

from ..common.jobs import Claim, JobStatus, Kind
from ..errors import BadInput
from ..figures.drawing import Look
from ..figures.kept import drawn, is_drawn, remember
from ..figures.records import Drawable
from ..models import DocumentFile, Organisation, Study
from .advice import advice_for
from .document import Document, Picture
from .docx_file import as_docx
from .report import study_report

FORM = "1"
"""Changed whenever files of before must not be given any more."""
AT_ONCE = 4
"""So many figures are drawn while somebody waits."""
ON_PAPER = Look("print", "page")
State = DocumentFile.State


@dataclass(frozen=True)
class What:
    """A report, or the advice to an organisation."""

    language: str
    organisation_id: int = 0
    is_anonymous: bool = False

    def __str__(self) -> str:
        kind = f"advice {self.organisation_id}" if self.organisation_id else "report"
        return f"{kind} {self.language}" + (" anonymous" if self.is_anonymous else "")


def read(written: str) -> What:
    """
    >>> read(str(What("nl", 3, True)))
    What(language='nl', organisation_id=3, is_anonymous=True)
    """
    kind, *rest = written.split()
    organisation = int(rest.pop(0)) if kind == "advice" else 0
    return What(rest[0], organisation, rest[1:] == ["anonymous"])


def document_of(study: Study, what: What) -> Document:
    """Raises BadInput where the organisation is no longer there."""
    if not what.organisation_id:
        return study_report(study, what.language)
    found = Organisation.objects.filter(study=study, pk=what.organisation_id).first()
    if found is None:
        raise BadInput(_("This organisation is no longer there."))
    return advice_for(found, what.language, is_anonymous=what.is_anonymous)


@dataclass(frozen=True)
class File:
    row: DocumentFile
    standing: JobStatus

    @property
    def is_done(self) -> bool:
        return self.row.state == State.DONE

    @property
    def content(self) -> bytes:
        found = DocumentFile.objects.values_list("content", flat=True).get(pk=self.row.pk)
        return bytes(found or b"")


def file_of(study: Study, what: What) -> File:
    """The document as it is now, as a file; while it is being made, how far that is."""
    document = document_of(study, what)
    stamp = hashlib.sha256(f"{FORM} {document!r}".encode("utf-8", "surrogatepass")).hexdigest()
    row, is_new = DocumentFile.objects.defer("content").get_or_create(
        study=study, what=str(what), stamp=stamp
    )
    if row.state != State.DONE:
        waiting = sum(not _is_drawn(study, record) for record in _pictures(document))
        if waiting <= AT_ONCE:
            FILES.do_now(row)
        elif is_new or row.state == State.FAILED or FILES.standing(row).is_stuck:
            FILES.ask(row)
        row.refresh_from_db(fields=["state", "started_at", "finished_at", "problem"])
    return File(row, FILES.standing(row))


def _pictures(document: Document) -> Iterator[Drawable]:
    for section in document.sections:
        yield from (part.record for part in section.parts if isinstance(part, Picture))


def _is_drawn(study: Study, record: Drawable) -> bool:
    return is_drawn(study.pk, remember(study.pk, record), ON_PAPER, "png")


@task()
def make_document(pk: int) -> None:
    FILES.run(pk)


def _make(row: DocumentFile, claim: Claim[DocumentFile]) -> None:
    """Draw what is not drawn yet, then write the file; those of before are thrown away."""
    study = row.study
    document = document_of(study, read(row.what))
    pictures = list(_pictures(document))

    def draw(record: Drawable) -> bytes:
        return drawn(study.pk, remember(study.pk, record), ON_PAPER, "png")

    for number, record in enumerate(pictures, 1):
        draw(record)
        claim.tell(0.95 * number / len(pictures))
    claim.done(content=as_docx(document, draw))
    others = DocumentFile.objects.filter(study=study, what=row.what).exclude(pk=row.pk)
    others.exclude(state=State.RUNNING).delete()


FILES = Kind(
    "document",
    DocumentFile,
    _make,
    task=lambda: make_document,
    failed=lambda: _("Making the document stopped by an error in the program."),
)
