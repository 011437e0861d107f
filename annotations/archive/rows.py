"""A row as a line of an archive and back: its columns as JSON, times in UTC, decimals as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models

from ..common.bulk import stored_time
from ..models import Study
from .contents import columns_of, rows_of

AT_ONCE = 2_000
Plain = Callable[[Any], Any]


def rows_to_write(model: type[models.Model], study: Study) -> Iterator[tuple[Any, ...]]:
    """The rows as the database layer gives them; memory does not grow with their number."""
    yield from rows_of(model, study).values_list(*columns_of(model)).iterator(chunk_size=AT_ONCE)


def line(values: Sequence[Any]) -> bytes:
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_as_json)
    return written.encode("utf-8", "surrogatepass") + b"\n"


def read_line(written: bytes) -> list[Any]:
    """Raises ValueError."""
    values = json.loads(written.decode("utf-8", "surrogatepass"))
    if not isinstance(values, list):
        raise ValueError("no list")
    return values


def storing(model: type[models.Model]) -> list[Plain | None]:
    """Per column what makes a value of a line one that `common.bulk.Table` takes; None: as it is."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [_plain(by_name[name]) for name in columns_of(model)]


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return stored_time(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)  # a decimal


def _plain(field: models.Field[Any, Any]) -> Plain | None:
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.BooleanField):
        return _flag
    return None


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _flag(value: Any) -> int | None:
    return None if value is None else int(value)
