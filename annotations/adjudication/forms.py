"""What the settling page sends: a ruling, and the filter of the queue."""

from __future__ import annotations

import json
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from ..codebooks.conversion import check_value
from ..codebooks.values import InvalidValue
from ..errors import BadInput
from ..finals.settled import Settlement
from .disagreements import BY_SHARE, OPEN, ORDERS, STATES, Filter
from .fragments import from_json, read_spans
from .options import OTHER
from .units import DecisionUnit, Ruling


def read_ruling(unit: DecisionUnit, data: QueryDict) -> Ruling:
    """The ruling as it was sent, not yet checked against the text. Raises BadInput."""
    return Ruling(
        settlement=read_settlement(unit, data),
        cause=data.get("cause", ""),
        reason=data.get("reason", ""),
        is_settled_case="settled_case" in data,
        needs_codebook_change="codebook_change" in data,
    )


def read_settlement(unit: DecisionUnit, data: QueryDict) -> Settlement:
    sent = data.get("settlement", "")
    if not sent:
        raise BadInput(_("Choose a value first."))
    if unit.variable.level == "span":
        written = data.getlist("fragment") if sent == OTHER else None
        return read_spans(_json(sent) if written is None else [_json(part) for part in written])
    if sent != OTHER:
        return from_json(unit.variable, _json(sent))
    return _other(unit, data)


def _other(unit: DecisionUnit, data: QueryDict) -> Settlement:
    """Another value than the coders gave."""
    variable = unit.variable
    given = data.getlist("other")
    written = data.get("other_written", "").strip()
    if variable.of_kind.takes_several:
        codes = [part for part in given if part.isdigit() and part not in variable.values]
        if codes and len(given) > 1:
            raise BadInput(_("A missing code cannot stand beside other values."))
        return from_json(variable, int(codes[0]) if codes else given)
    if written and not variable.options:
        try:
            return check_value(variable, variable.of_kind.read_typed(variable, written))
        except InvalidValue as problem:
            raise BadInput(_(problem.sentence) % problem.params) from None
    if len(given) != 1:
        raise BadInput(_("Choose the other value too."))
    return from_json(variable, _json(given[0]))


def _json(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        raise BadInput(_("The value could not be read; reload the page and choose again.")) from None


def read_filter(data: QueryDict) -> Filter:
    """The filter in the address; what makes no sense is left out."""
    organisation = data.get("organisation", "")
    state, order = data.get("state", OPEN), data.get("order", BY_SHARE)
    return Filter(
        variable=data.get("variable", ""),
        organisation_id=int(organisation) if organisation.isdecimal() and len(organisation) < 18 else None,
        state=state if state in STATES else OPEN,
        order=order if order in ORDERS else BY_SHARE,
    )


def write_filter(wanted: Filter) -> str:
    """The filter for an address, without what goes without saying."""
    data = QueryDict(mutable=True)
    if wanted.variable:
        data["variable"] = wanted.variable
    if wanted.organisation_id is not None:
        data["organisation"] = str(wanted.organisation_id)
    if wanted.state != OPEN:
        data["state"] = wanted.state
    if wanted.order != BY_SHARE:
        data["order"] = wanted.order
    return data.urlencode()
