"""Which conversations are asked for: filters from an allow-list, in an address, in the database, in words.

Reads only. The list shows what matches; a saved selection keeps the question; a draw takes from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..models import (
    Assignment,
    Candidate,
    Code,
    Coding,
    Conversation,
    KeptContradiction,
    Message,
    Study,
)
from ..models.corpus import AuthorRole
from ..studies.progress import FLAG

LONGEST_SEARCH = 100
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
CODED = {
    "assigned": gettext_lazy("given to coders"),
    "unassigned": gettext_lazy("given to nobody"),
    "coded": gettext_lazy("coded by somebody"),
    "uncoded": gettext_lazy("coded by nobody"),
    "flagged": gettext_lazy("marked for discussion"),
    "noted": gettext_lazy("with a coder's note"),
    "contradicted": gettext_lazy("with a contradiction that a coder kept"),
}
IN_ADDRESS = ("q", "organisation", "since", "until", "role", "type", "coded", "missing")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for. `organisation`: a key, 0 for conversations of none. `types`: kinds of candidates,
    one of which occurs. `coded`: one of CODED.
    """

    search: str = ""
    organisation: int | None = None
    since: date | None = None
    until: date | None = None
    role: str = ""
    types: tuple[str, ...] = ()
    coded: str = ""
    missing: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Filters()


def read_filters(given: Mapping[str, str], types: tuple[str, ...]) -> Filters:
    """Filters from an address; what is not on the list counts as not given."""
    role, coded, kind = given.get("role", ""), given.get("coded", ""), given.get("type", "")
    return Filters(
        search=given.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        organisation=_key(given.get("organisation", "")),
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        role=role if role in AuthorRole.values else "",
        types=(kind,) if kind in types else (),
        coded=coded if coded in CODED else "",
        missing=given.get("missing") == "1",
    )


def as_plain(filters: Filters) -> dict[str, Any]:
    """The filters that are set, as JSON keeps them; `from_plain` reads them back."""
    nothing = asdict(Filters())
    values = {name: value for name, value in asdict(filters).items() if value != nothing[name]}
    return {
        name: value.isoformat() if isinstance(value, date) else list(value) if name == "types" else value
        for name, value in values.items()
    }


def from_plain(stored: Mapping[str, Any]) -> Filters:
    days = {name: date.fromisoformat(stored[name]) for name in ("since", "until") if name in stored}
    return Filters(**{**stored, **days, "types": tuple(stored.get("types", ()))})


def type_words(study: Study) -> dict[str, str]:
    """Kinds of information in the codebook's own words, in its order."""
    variable = lookup(study.codebook_version_id).spec.by_key.get("info_type")
    return {category.key: in_language(category.label) for category in variable.categories} if variable else {}


def in_words(filters: Filters, *, organisations: Mapping[int, str], types: Mapping[str, str]) -> list[str]:
    """What is asked for, a phrase each. `organisations`: key -> name; `types`: kind -> name."""
    words = []
    if filters.search:
        words.append(_("text holds “%(text)s”") % {"text": filters.search})
    if filters.organisation:
        gone = _("an organisation that is no longer in the study")
        words.append(organisations.get(filters.organisation, gone))
    elif filters.organisation == 0:
        words.append(_("no organisation known"))
    if filters.types:
        names = ", ".join(types.get(key, key) for key in filters.types)
        words.append(_("with a candidate of the kind %(kind)s") % {"kind": names})
    if filters.coded:
        words.append(str(CODED[filters.coded]))
    if filters.role:
        words.append(_("with a message of: %(role)s") % {"role": AuthorRole(filters.role).label})
    if filters.since:
        words.append(_("from %(day)s") % {"day": date_format(filters.since)})
    if filters.until:
        words.append(_("up to and including %(day)s") % {"day": date_format(filters.until)})
    if filters.missing:
        words.append(_("with missing messages"))
    return words


def matching(study: Study, filters: Filters) -> QuerySet[Conversation]:
    """The conversations that are asked for, unordered and without limit."""
    found = study.conversations.all()
    messages = Message.objects.filter(conversation=OuterRef("pk"))
    if filters.organisation is not None:
        found = (
            found.filter(organisation_id=filters.organisation)
            if filters.organisation
            else found.filter(organisation=None)
        )
    if filters.since:
        found = found.filter(started_at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(started_at__lt=_midnight(filters.until + timedelta(days=1)))
    if filters.missing:
        found = found.filter(placeholder_count__gt=0)
    if filters.role:
        found = found.filter(Exists(messages.filter(account__role=filters.role)))
    if filters.types:
        candidates = Candidate.objects.filter(
            message__conversation=OuterRef("pk"), info_type__in=filters.types, version=study.detector_version
        )
        found = found.filter(Exists(candidates), candidate_count__gt=0)
    if filters.search:
        found = found.filter(Exists(messages.filter(text__icontains=filters.search)))
    if filters.coded:
        found = found.filter(_coded(filters.coded))
    return found


def _coded(kind: str) -> Any:
    given = Exists(Assignment.objects.filter(conversation=OuterRef("pk")))
    coded = Exists(
        Coding.objects.filter(assignment__conversation=OuterRef("pk"), state=Coding.State.FINISHED)
    )
    codes = Code.objects.filter(coding__assignment__conversation=OuterRef("pk"))
    return {
        "assigned": given,
        "unassigned": ~given,
        "coded": coded,
        "uncoded": ~coded,
        "flagged": Exists(codes.filter(variable__key=FLAG, category__key="yes")),
        "noted": Exists(codes.filter(text__isnull=False).exclude(text="")),
        "contradicted": Exists(
            KeptContradiction.objects.filter(coding__assignment__conversation=OuterRef("pk"))
        ),
    }[kind]


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
