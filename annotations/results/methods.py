"""What the methods text says of the tables that a study keeps for its report."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..codebooks.categories import text_in
from ..models import SavedTable, Study
from .building.definition import Definition, from_plain
from .units.frame import Field
from .wording import UNITS


def tables_in_words(study: Study, fields: Mapping[str, Field], language: str) -> str:
    """A sentence per table: what by what, of what, and on which day and version it rests. "" without any."""
    with translation.override(language):
        rows = SavedTable.objects.filter(study=study, in_report=True).select_related("codebook_version")
        said = [_table(row, fields, language) for row in rows]
        if not said:
            return ""
        count = ngettext(
            "%(n)d table was added to the ready-made ones:",
            "%(n)d tables were added to the ready-made ones:",
            len(said),
        ) % {"n": len(said)}
        return f"{count} {' '.join(said)}"


def _table(row: SavedTable, fields: Mapping[str, Field], language: str) -> str:
    asked = from_plain(row.definition)
    return _(
        "“%(name)s” (%(asked)s; %(n)s %(unit)s, as looked through on %(day)s with codebook %(version)s)."
    ) % {
        "name": row.name,
        "asked": _asked(asked, fields, language),
        "n": number_format(row.rests_on.get("units", 0), 0, force_grouping=True),
        "unit": UNITS.get(asked.unit, _("units")),
        "day": date_format(timezone.localtime(row.looked_through_at), "DATE_FORMAT"),
        "version": row.codebook_version.version,
    }


def _asked(asked: Definition, fields: Mapping[str, Field], language: str) -> str:
    """Response time × Organisation, only units with Month: 2019-04."""

    def label(key: str) -> str:
        return text_in(fields[key].label, language) if key in fields else key

    crossed = " × ".join(map(label, asked.asked))
    only = [
        f"{label(filter_.field)}: {_values(filter_.values, fields.get(filter_.field), language)}"
        for filter_ in asked.filters
    ]
    return crossed + (_(", only units with %(filters)s") % {"filters": "; ".join(only)} if only else "")


def _values(values: tuple[str, ...], field: Field | None, language: str) -> str:
    words = (
        {category.key: text_in(category.label, language) for category in field.categories} if field else {}
    )
    return ", ".join(words.get(value, value) for value in values)
