"""Imports that are begun side by side are done one after the other: who comes later waits, and says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from django.db import OperationalError, transaction

from ...common.trouble import is_locked
from ...models import Study

MOST = 6 * 3600.0  # seconds; an import of millions of messages takes its time


@contextmanager
def patiently(wait: Callable[[], None]) -> Iterator[None]:
    """A transaction. SQLite has one writer: while somebody else writes, `wait` is called, again and again.

    Raises what `wait` raises, and after six hours what the database does.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(transaction.atomic())
            except OperationalError as busy:
                if not is_locked(busy) or time.monotonic() - began > MOST:
                    raise
                wait()
            else:
                break
        yield


def alone_with(study_id: int, wait: Callable[[], None]) -> Study:
    """The study, to nobody else until the transaction ends; `wait` is called once where another has it."""
    studies = Study.objects.order_by()
    try:
        with transaction.atomic():
            return studies.select_for_update(of=("self",), nowait=True).get(pk=study_id)
    except OperationalError as busy:
        if not is_locked(busy):
            raise
    wait()
    return studies.select_for_update(of=("self",)).get(pk=study_id)
