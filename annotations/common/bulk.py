"""Many rows into one table at once: `COPY` on PostgreSQL, one prepared statement on SQLite.

Primary keys are drawn beforehand, so that rows may point at each other. Values are plain, as nothing looks at
them once more: JSON as text, times as `stored_time` gives them, flags 0 or 1.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import OperationalError, connection, models, transaction

CACHE_KIB = 64 * 1024
ROWS_LOOKED_AT = 1_000  # of each index, on SQLite: a matter of milliseconds
USUAL = gc.get_threshold()
GARBAGE = 50_000  # objects made and not yet gone, before cycles among them are looked for


class Table:
    """Where rows of one model go, as tuples in the order of `fields` (attribute names, `study_id`)."""

    def __init__(self, model: type[models.Model], fields: Sequence[str]):
        meta = model._meta
        self.name = meta.db_table
        by_name = {field.attname: field for field in meta.concrete_fields}
        columns = [by_name[name] for name in fields]
        self.columns = ", ".join(f'"{column.column}"' for column in columns)
        self._marks = ", ".join(["%s"] * len(fields))

    def insert(self, rows: Sequence[tuple[Any, ...]]) -> None:
        with connection.cursor() as cursor:
            self.write(cursor, rows)

    def write(self, cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        """With Django's cursor, or on PostgreSQL one of psycopg."""
        if not rows:
            return
        # Names of our own tables and columns; every value is a parameter.
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{self.name}" ({self.columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            insert = f'INSERT INTO "{self.name}" ({self.columns}) VALUES ({self._marks})'  # noqa: S608
            cursor.executemany(insert, rows)


def update(
    cursor: Any, model: type[models.Model], fields: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Change many rows at once: (primary key, then the values of `fields`), as plain as for `Table`."""
    if not rows:
        return
    columns = [field for name in fields for field in model._meta.concrete_fields if field.attname == name]
    # Names of our own tables and columns; every value is a parameter.
    if connection.vendor == "postgresql":
        own = ", ".join(f'"{field.column}" = given."{field.column}"' for field in columns)
        names = ", ".join(f'"{field.column}"' for field in columns)
        lists = ", ".join(f"%s::{field.db_type(connection)}[]" for field in columns)
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" AS kept SET {own} '  # noqa: S608
            f"FROM unnest(%s::bigint[], {lists}) AS given (pk, {names}) WHERE kept.id = given.pk",
            [list(values) for values in zip(*rows, strict=True)],
        )
    else:
        own = ", ".join(f'"{field.column}" = %s' for field in columns)
        cursor.executemany(
            f'UPDATE "{model._meta.db_table}" SET {own} WHERE "id" = %s',  # noqa: S608
            [(*values, pk) for pk, *values in rows],
        )


def delete(
    cursor: Any, model: type[models.Model], field: str, values: Sequence[int], kind: str | None = None
) -> None:
    """Delete the rows whose `field` is among these; with `kind`, those of that kind only."""
    if not values:
        return
    is_postgres = connection.vendor == "postgresql"
    among = "= ANY(%s)" if is_postgres else "IN (SELECT value FROM json_each(%s))"
    which = f'DELETE FROM "{model._meta.db_table}" WHERE "{field}" {among}'  # noqa: S608
    given: list[Any] = [list(values) if is_postgres else json.dumps(list(values))]
    cursor.execute(which if kind is None else f'{which} AND "kind" = %s', given + [kind] * (kind is not None))


def plain_rows(rows: models.QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows of a `values_list` as the driver gives them: Django looks at every value once more, which
    takes longer than fetching it. JSON is text; `moment` makes a time of what stands for one.
    """
    with connection.cursor() as cursor:
        cursor.execute(*rows.query.sql_with_params())
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def moment(value: datetime | None) -> datetime | None:
    """A time of `plain_rows`, aware: SQLite knows no zones, and times are stored in UTC."""
    return value if value is None or value.tzinfo is not None else value.replace(tzinfo=UTC)


def stored_time(moment: datetime | None) -> str | None:
    """A time in UTC as both databases take it: Django keeps its connections in UTC, SQLite knows no zones."""
    return None if moment is None else moment.isoformat(" ").removesuffix("+00:00")


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for reference cycles less often while millions of rows pass, and not in what was there before."""
    gc.freeze()
    gc.set_threshold(GARBAGE, *USUAL[1:])
    try:
        yield
    finally:
        gc.set_threshold(*USUAL)  # not as it was: two threads may do this at once
        gc.unfreeze()


@contextmanager
def roomy() -> Iterator[None]:
    """Give SQLite 64 MB for pages while much is written; with its usual 2 MB, indexes of many ids thrash."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")


def check_keys_at_once() -> None:
    """Have PostgreSQL check foreign keys after every statement of this transaction.

    Put off to the end, as Django has it, the list of checks grows with the rows and the end takes minutes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def next_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """So many primary keys that nobody has or had. Call inside the transaction that uses them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        if count:
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = %s WHERE name = %s"
                if found
                else "INSERT INTO sqlite_sequence (seq, name) VALUES (%s, %s)",
                [first + count - 1, table],
            )
        return range(first, first + count)


def update_statistics_after(*written: type[models.Model]) -> None:
    """When the transaction is stored, have the database count anew what was written in bulk."""
    transaction.on_commit(partial(update_statistics, *written))


def update_statistics(*written: type[models.Model]) -> None:
    """Have the database count what stands in the tables, so that it plans its queries well.

    Without statistics SQLite compares long lists with each other (a count over 30,000 assignments took
    minutes), and PostgreSQL has none until its own housekeeping comes by. A database that is busy goes
    without.
    """
    with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
        for model in written:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
