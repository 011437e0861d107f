"""A study's archive into this installation: all of it or nothing, in one transaction.

Rows go in as they are, under new ids, through the rules of the database: what is append-only is appended, and
a codebook version is frozen once its variables are there. Only here rows are stored of which other folders
are the writers: they were written by those, elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import DataError, IntegrityError, connection, models
from django.utils.translation import gettext as _

from ..accounts.members import add_member
from ..common.bulk import Table, check_keys_at_once, roomy, seldom_collecting, update_statistics_after
from ..common.portions import portions
from ..errors import BadInput
from ..exporting.kept import folder, new_name
from ..figures.kept import NoFigure, forget_all, keep
from ..importing.store.turns import patiently
from ..models import Event, ExportFile, Membership, Study
from ..studies.create import check_names
from .books import settle_books
from .contents import BOOK, LATER, columns_of, included, keys_of
from .ids import Ids
from .opened import Archive, opened
from .people import People, settle_people
from .references import PLACES, UP_TO, subject_of
from .rows import storing
from .write import Tell

AT_ONCE = 2_000
CHECKING = 0.2
"""The share of the time that reading everything once takes."""


@dataclass
class Loaded:
    """What came of it."""

    study: Study
    rows: int
    people: People
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "study": self.study.slug,
            "name": self.study.name,
            "rows": self.rows,
            "people_known": self.people.known,
            "stand_ins": self.people.stand_ins,
            "renamed": self.people.renamed,
            "notes": self.notes,
        }


def load_study(
    path: Path,
    *,
    slug: str = "",
    matches_people: bool = False,
    supervisor_id: int | None = None,
    actor_id: int | None,
    tell: Tell | None = None,
    at_end: Callable[[Loaded], None] = lambda loaded: None,
) -> Loaded:
    """`path`: the zip that `sealed.unseal` wrote. `slug`: another address than the study had.

    `supervisor_id`: somebody of here who becomes a supervisor. `at_end` is done in the same transaction.
    Raises BadInput; then nothing is stored.
    """
    told = tell or (lambda share: None)
    with opened(path, tell=lambda share: told(CHECKING * share)) as archive:
        written: list[Path] = []
        try:
            with patiently(lambda: told(CHECKING)), roomy(), seldom_collecting():
                loading = _Loading(archive, slug, matches_people, written)
                loaded = loading.all(lambda share: told(CHECKING + (1 - CHECKING) * share))
                if supervisor_id is not None:
                    name = User.objects.values_list("username", flat=True).get(pk=supervisor_id)
                    add_member(loaded.study, name, Membership.Role.SUPERVISOR, actor_id=actor_id)
                Event.objects.record(
                    "archive.loaded",
                    actor_id=actor_id,
                    study_id=loaded.study.pk,
                    subject=loaded.study,
                    after={"made_at": archive.manifest.get("made_at"), "rows": loaded.rows},
                )
                at_end(loaded)
        except BaseException as error:
            _throw_away(written)
            if isinstance(error, DataError | IntegrityError | LookupError | ValueError | TypeError):
                raise BadInput(
                    _("What is in this archive does not fit together. Nothing was stored.")
                ) from error
            raise
    return loaded


class _Loading:
    def __init__(self, archive: Archive, slug: str, matches: bool, written: list[Path]) -> None:
        self.archive, self.slug, self.matches, self.written = archive, slug, matches, written
        self.ids = Ids(archive.ids)
        self.points_on = False
        self.names: dict[str, str] = {}
        """Of export files: in the archive -> here."""

    def all(self, tell: Tell) -> Loaded:
        slug = self._check_slug()
        people = settle_people(self.archive, self.ids, matches=self.matches)
        notes = settle_books(self.archive, self.ids)
        tables = [model for model in included() if model not in BOOK]
        for model in tables:
            self.ids.draw(model)
        done, total = 0, max(self.archive.rows, 1)
        for model in tables:
            self._check_keys(model)
            table = Table(model, columns_of(model))
            for rows in portions(self._rows(model, slug), AT_ONCE):
                table.insert(rows)
                done += len(rows)
                tell(done / total)
        check_keys_at_once()
        update_statistics_after(*tables)
        study = Study.objects.select_related("codebook_version__codebook").get(slug=slug)
        self._keep_files(study)
        return Loaded(study, done, people, notes)

    def _check_keys(self, model: type[models.Model]) -> None:
        """PostgreSQL checks keys after every statement, but of rows that point at their own kind, or on."""
        self.points_on |= model.__name__ in LATER
        if connection.vendor != "postgresql":
            return
        if self.points_on or model in keys_of(model).values():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            check_keys_at_once()

    def _check_slug(self) -> str:
        given = self.archive.manifest["study"]
        slug = self.slug or given["slug"]
        if Study.objects.filter(slug=slug).exists():
            raise BadInput(
                _("There is a study at the address “%(slug)s” already; give this one another address.")
                % {"slug": slug}
            )
        if problems := check_names(slug, given["name"], Study.Language.NL):
            raise BadInput(problems)
        if len(self.archive.ids[Study]) != 1:
            raise ValueError("not one study")
        return str(slug)

    def _rows(self, model: type[models.Model], slug: str) -> Iterator[tuple[Any, ...]]:
        columns, plain, ids = columns_of(model), storing(model), self.ids
        keys = [(columns.index(name), other) for name, other in keys_of(model).items()]
        hidden = [(columns.index(name), change) for (of, name), change in PLACES.items() if of is model]
        up_to = [(columns.index(name), other) for (of, name), other in UP_TO.items() if of is model]
        made = [(place, make) for place, make in enumerate(plain) if make]
        own = _OWN.get(model)
        for values in self.archive.lines(model):
            values[0] = ids.of_row(model, values[0])
            for place, other in keys:
                if values[place] is not None:
                    values[place] = ids.of_row(other, values[place])
            for place, change in hidden:
                if values[place] is not None:
                    values[place] = change(values[place], ids.remembered)
            for place, other in up_to:
                values[place] = ids.up_to(other, values[place])
            if own:
                own(self, values, columns, slug)
            for place, make in made:
                values[place] = make(values[place])
            yield tuple(values)

    def _event(self, values: list[Any], columns: list[str], slug: str) -> None:
        kind, place = values[columns.index("subject_type")], columns.index("subject_id")
        model = subject_of(kind)
        if model is not None and values[place] is not None:
            values[place] = self.ids.remembered(model, values[place])

    def _study(self, values: list[Any], columns: list[str], slug: str) -> None:
        values[columns.index("slug")] = slug

    def _export(self, values: list[Any], columns: list[str], slug: str) -> None:
        place = columns.index("file")
        name = new_name()
        self.names[values[place]], values[place] = name, name

    def _keep_files(self, study: Study) -> None:
        forget_all(study.pk)
        for name, content in self.archive.files("figures"):
            try:
                keep(study.pk, name, content)
            except NoFigure:
                raise ValueError(name) from None
        for name, content in self.archive.files("exports"):
            path = folder() / self.names[name]
            self.written.append(path)
            path.touch(mode=0o600)
            path.write_bytes(content)


_OWN: dict[type[models.Model], Callable[[_Loading, list[Any], list[str], str], None]] = {
    Event: _Loading._event,
    Study: _Loading._study,
    ExportFile: _Loading._export,
}


def _throw_away(written: list[Path]) -> None:
    for path in written:
        path.unlink(missing_ok=True)
