"""Advice to one organisation, from coded evidence only: what its customers share, how it answers, what helps.

Every figure stands beside that of the other organisations together, without their names. A sentence of advice
is written only where its figures have the units to carry it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..errors import BadInput
from ..figures.records import Dots, Point
from ..models import Organisation
from ..results.collect import table_of
from ..results.drawn import duration
from ..results.figures import Figures
from ..results.kept import figures_of
from ..results.reports.ready import ask
from ..results.table import ALL, FEWEST, Layer, Table
from ..statistics import wilson
from .document import Bullets, Document, Grid, Paragraph, Part, Picture, Section


@dataclass(frozen=True)
class Question:
    """A table of the study by organisation. `field`: what stands in its rows."""

    field: str
    title: object
    unit: str = ""
    filters: tuple[tuple[str, str], ...] = ()


CHAPTERS: tuple[tuple[object, tuple[Question, ...]], ...] = (
    (
        gettext_lazy("What your customers share"),
        (Question("kinds_shared", gettext_lazy("Kinds of personal data in their messages")),),
    ),
    (
        gettext_lazy("How you answer"),
        (
            Question("removal_asked", gettext_lazy("Requests to remove them")),
            Question("minutes_public", gettext_lazy("How soon the request comes")),
        ),
    ),
    (
        gettext_lazy("What you ask for, and where"),
        (
            Question("data_requested", gettext_lazy("Where you ask for data")),
            Question("data_requested_types", gettext_lazy("Which data you ask for")),
            Question("too_much_first_contact", gettext_lazy("Too many data asked at first contact")),
            Question("private_first", gettext_lazy("First private, then asking")),
        ),
    ),
    (
        gettext_lazy("What could have been prevented"),
        (
            Question("preventable", gettext_lazy("Could it have been prevented?")),
            Question("prevention", gettext_lazy("By which measure")),
        ),
    ),
    (
        gettext_lazy("Data that you put in public yourself"),
        (
            Question("org_disclosure", gettext_lazy("Your own messages with data of a customer")),
            Question("disclosure_cause", gettext_lazy("How that happened")),
        ),
    ),
)


def advice_for(organisation: Organisation, language: str, *, is_anonymous: bool = False) -> Document:
    """`is_anonymous`: without the name of the organisation, to show to others."""
    study = organisation.study
    with translation.override(language):
        figures = figures_of(study)
        chapters = []
        tables: dict[str, Table] = {}
        for title, questions in CHAPTERS:
            parts: list[Part] = []
            for question in questions:
                table = _table(figures, organisation, question, language) if figures.pk else None
                if table is not None:
                    tables[question.field] = table
                    parts += _parts(table, organisation.name, str(question.title), language)
            chapters.append(
                Section(str(title), tuple(parts) or (Paragraph(_("Nothing of this was coded.")),))
            )
        day = date_format(timezone.localdate(), "DATE_FORMAT")
        name = _("an organisation") if is_anonymous else organisation.name
        return Document(
            _("Advice to %(name)s") % {"name": name},
            _("From the study “%(study)s”, %(day)s") % {"study": study.name, "day": day},
            language,
            (
                Section(_("In short"), (Bullets(tuple(_advice(tables, organisation.name))),)),
                *chapters,
                _basis(),
            ),
            is_waiting=not figures.pk or figures.is_old,
        )


def _table(figures: Figures, organisation: Organisation, question: Question, language: str) -> Table | None:
    if not {question.field, "organisation"} <= figures.frame.fields.keys():
        return None
    definition = ask(question.field, "organisation", unit=question.unit, **dict(question.filters))
    try:
        table = table_of(figures, organisation.study, definition, language, title=str(question.title))
    except BadInput:
        return None
    return None if table.is_empty else table


def _parts(table: Table, name: str, title: str, language: str) -> list[Part]:
    layer = table.only
    if not any(column.key == name for column in layer.columns):
        return [Paragraph(_("%(title)s: nothing was coded of this organisation.") % {"title": title})]
    if not layer.cells:
        return _numbers(table, name, title)
    rows = [(row.label, share_of(layer, row.key, [name]), share_of(layer, row.key, _others(layer, name)))
            for row in layer.rows]  # fmt: skip
    rows = [row for row in rows if row[1].n or row[2].n]
    has_others = bool(_others(layer, name))
    header = ("", _("you"), *((_("the others"),) if has_others else ()))
    grid = Grid(
        title,
        header,
        tuple((label, _said(own), *((_said(others),) if has_others else ())) for label, own, others in rows),
    )
    if not rows:
        return [Paragraph(_("%(title)s: nothing was coded of this organisation.") % {"title": title})]
    drawing = Dots(
        title,
        _("%% of %(units)s, with 95%% interval") % {"units": table.unit_label},
        language,
        rows=tuple(label for label, _own, _others in rows),
        series=(_("you"), _("the others")) if has_others else ("",),
        points=tuple(
            tuple(_point(share) for share in ((own, others) if has_others else (own,)))
            for _label, own, others in rows
        ),
    )
    return [grid, Picture(drawing)]


def _others(layer: Layer, name: str) -> list[str]:
    return [group.key for group in layer.groups if group.key != name]


@dataclass(frozen=True)
class Share:
    """`n` of `of` units; a percentage and its Wilson interval are given of ten units or more."""

    n: int
    of: int

    @property
    def is_enough(self) -> bool:
        return self.of >= FEWEST

    @property
    def percent(self) -> float:
        return 100 * self.n / self.of


def share_of(layer: Layer, row: str, columns: Sequence[str]) -> Share:
    """Of these organisations together, without those where it cannot occur."""
    cells = [layer.cells[row, column] for column in columns]
    cells = [cell for cell in cells if not cell.is_structural]
    return Share(sum(cell.n for cell in cells), sum(cell.of for cell in cells))


def _said(share: Share) -> str:
    counted = _("%(n)d of %(of)d") % {"n": share.n, "of": share.of}
    interval = wilson(share.n, share.of)
    if not share.is_enough or interval is None:
        return counted
    low, high = (number_format(round(100 * bound, 1), 1) for bound in interval)
    return f"{counted}: {number_format(round(share.percent, 1), 1)} % [{low}; {high}]"


def _point(share: Share) -> Point:
    interval = wilson(share.n, share.of)
    count = f"{share.n} / {share.of}"
    if not share.is_enough or interval is None:
        return Point(count=count, note="n < 10")
    return Point(share.percent, 100 * interval[0], 100 * interval[1], count)


def _numbers(table: Table, name: str, title: str) -> list[Part]:
    curves = {curve.key: curve for curve in table.only.curves}
    rows = []
    for key, label in ((name, _("you")), (ALL, _("all organisations together"))):
        curve = curves.get(key)
        if curve is not None:
            median = _("not reached") if curve.median is None else duration(curve.median)
            rows.append((label, str(curve.n), str(curve.events), median))
    if not rows:
        return []
    return [Grid(title, ("", _("messages"), _("with a request"), _("median time")), tuple(rows))]


def _advice(tables: dict[str, Table], name: str) -> list[str]:
    """Sentences, each from figures with ten units or more; one that says so where there are none."""
    rules: tuple[tuple[str, tuple[str, ...], str], ...] = (
        (
            "removal_asked",
            ("none", "no"),
            _(
                "In %(n)d of %(of)d messages in which customers share personal data you do not ask to "
                "remove them. "
                "Ask it every time, at once, and say how a message is removed."
            ),
        ),
        (
            "too_much_first_contact",
            ("yes",),
            _(
                "In %(n)d of %(of)d conversations much is asked at once at first contact. Ask no more "
                "than you need "
                "to begin with."
            ),
        ),
        (
            "data_requested",
            ("yes_no_channel", "yes_other"),
            _(
                "In %(n)d of %(of)d messages you ask for data without sending customers to a direct "
                "message. Say in "
                "the same sentence where to send them, and what a direct message is."
            ),
        ),
        (
            "private_first",
            ("ask_in_public_for_dm", "ask_in_public"),
            _(
                "In %(n)d of %(of)d conversations you ask for data in public. Go to a private "
                "conversation first, "
                "and only then ask."
            ),
        ),
        (
            "preventable",
            ("yes", "partly"),
            _(
                "Of %(of)d conversations coders saw %(n)d in which sharing could have been prevented, "
                "wholly or partly."
            ),
        ),
        (
            "org_disclosure",
            ("new", "repeats", "confirms"),
            _(
                "In %(n)d of %(of)d messages you put data of a customer in public yourself. Check before "
                "posting "
                "whether a message is private."
            ),
        ),
    )
    found = []
    for field, keys, sentence in rules:
        share = _together(tables.get(field), name, keys)
        if share is not None and share.is_enough and share.n:
            found.append(sentence % {"n": share.n, "of": share.of})
    found += _measures(tables.get("prevention"), name)
    return found or [
        _("Too little was coded of this organisation to advise on: fewer than ten units each time.")
    ]


def _together(table: Table | None, name: str, keys: Sequence[str]) -> Share | None:
    """Rows of an answer that a unit gives once, taken together."""
    if table is None or not _has(table, name):
        return None
    shares = [share_of(table.only, row.key, [name]) for row in table.only.rows if row.key in keys]
    return Share(sum(share.n for share in shares), shares[0].of) if shares else None


def _has(table: Table, name: str) -> bool:
    return bool(table.only.cells) and any(column.key == name for column in table.only.columns)


def _measures(table: Table | None, name: str) -> list[str]:
    if table is None or not _has(table, name):
        return []
    shares = [(share_of(table.only, row.key, [name]), row.label) for row in table.only.rows]
    best, label = max(shares, key=lambda each: each[0].n, default=(Share(0, 0), ""))
    if not best.n or not best.is_enough:
        return []
    said = _("The measure that coders found fitting most often: %(label)s (%(n)d of %(of)d conversations).")
    return [said % {"label": label, "n": best.n, "of": best.of}]


def _basis() -> Section:
    return Section(
        _("What this rests on"),
        (
            Bullets(
                (
                    _("Only what coders saw in public messages counts; direct messages were not seen."),
                    _("A percentage and its 95 percent interval (Wilson) are given of ten units or more."),
                    _("The others are the other organisations of the study together, without their names."),
                    _("A difference from the others within the intervals may be chance."),
                )
            ),
        ),
    )
