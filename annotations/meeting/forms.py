"""What the pages of meetings send, read and bounded."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext as _

from ..errors import BadInput
from .choosing import MOST, ORDERS, QUESTIONS, TELLING, Wish


def read_wish(data: QueryDict) -> Wish:
    """Which cases are asked for. Without a variable and a number none but the questions."""
    order = data.get("order", TELLING)
    return Wish(
        round_id=whole(data.get("round", "")),
        variables=tuple(data.getlist("variable")[:200]),
        order=order if order in ORDERS else TELLING,
        count=number(data, "count", MOST, _("Choose a number of cases from 0 to 20.")),
        questions=tuple(pk for pk in map(whole, data.getlist("question")[:QUESTIONS]) if pk),
    )


def number(data: QueryDict, name: str, most: int, wrong: str) -> int:
    found = whole(data.get(name, "").strip())
    if found is None or found > most:
        raise BadInput(wrong)
    return found


def whole(written: str) -> int | None:
    """A number as the page sends it, else None."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else None
