"""How fast the results of a large study open: conversations, and codings of some of them.

    python -m bench.results [--conversations 100000] [--codings 18200] [--messages 2]

Each coded conversation has two coders, who answer what the tables of the 2019 study ask. The study is
written to a database in a temporary folder; times are of the server, median of seven, without drawing.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

TIMES = 7
PORTION = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--codings", type=int, default=18_200)
    parser.add_argument("--messages", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="webcare-bench-") as folder:
        os.environ |= {"WEBCARE_DEBUG": "1", "WEBCARE_DATA": folder, "DATABASE_URL": ""}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webcare_coding.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        run(options)


def run(options: argparse.Namespace) -> None:
    from django.conf import settings

    settings.DEBUG = False
    began = time.perf_counter()
    study = make_study(options.conversations, options.messages)
    codes = code(study, options.codings // 2)
    print(
        f"{options.conversations} conversations, {options.codings} codings, {codes} codes "
        f"(written in {time.perf_counter() - began:.0f} s)"
    )
    measure(study)


def make_study(conversations: int, messages: int) -> Any:
    """Two organisations; a consumer writes, the organisation answers, and so on."""
    from annotations.codebooks.store import store_codebook
    from annotations.models import Account, Conversation, ImportBatch, Message
    from tests import factories

    library = factories.FILES.parents[1] / "annotations/codebooks/library/webcare_privacy.yaml"
    version = store_codebook(library.read_text(encoding="utf-8"))
    study = factories.make_study("bench", codebook_version=version)
    organisations = [study.organisations.first(), study.organisations.create(name="Rijksheffingen")]
    batch = ImportBatch.objects.create(study=study, state=ImportBatch.State.DONE)
    webcare = factories.make_account(study, "ZwaluwlijnHulp", "organisation")
    people = Account.objects.bulk_create(
        Account(study=study, key=f"kees{number}", handle=f"kees{number}", role="consumer")
        for number in range(conversations // 2 or 1)
    )
    for start in range(0, conversations, PORTION):
        numbers = range(start, min(start + PORTION, conversations))
        made = Conversation.objects.bulk_create(
            Conversation(
                study=study,
                number=number + 1,
                key=str(number),
                organisation=organisations[number % 2],
                batch=batch,
                started_at=factories.START + timedelta(hours=number % 5_000),
                message_count=messages,
            )
            for number in numbers
        )
        Message.objects.bulk_create(
            Message(
                study=study,
                conversation=conversation,
                batch=batch,
                external_id=f"{conversation.number}.{position}",
                position=position,
                account=webcare if position % 2 else people[conversation.number % len(people)],
                created_at=conversation.started_at + timedelta(minutes=25 * position),
                text="Stuur ons gerust een DM ^MK"
                if position % 2
                else "Bel mij op 06-00000011 over ZL-4471902",
            )
            for conversation in made
            for position in range(messages)
        )
    return study


def code(study: Any, conversations: int) -> int:
    """The first conversations are coded by two; gives the number of codes."""
    from annotations.codebooks.lookup import lookup
    from annotations.coding.save import store_imported
    from annotations.models import Assignment, Code
    from tests import factories

    from .report import codings_of

    coders = [factories.make_member(study, f"coder{number}") for number in (1, 2)]
    spec = lookup(study.codebook_version_id).spec
    asked = {
        variable.key for variable in spec.variables if variable.module in ("core", "privacy", "response")
    }
    few = _Few([variable for variable in spec.variables if variable.key in asked])
    of_round, random_ = factories.make_round(study), random.Random(7)
    rows = study.conversations.filter(number__lte=conversations).order_by("number")
    for start in range(0, conversations, PORTION // 4):
        some = list(rows[start : start + PORTION // 4])
        batch = [
            coding
            for conversation in some
            for coding in codings_of(few, of_round, conversation, coders, random_)
        ]
        store_imported(of_round, batch, actor_id=None)
    assert Assignment.objects.filter(round=of_round).count() == 2 * conversations
    return Code.objects.count()


class _Few:
    """A codebook of these variables only."""

    def __init__(self, variables: list[Any]) -> None:
        self.variables = variables


def measure(study: Any) -> None:
    from django.test import Client

    from annotations.results.collect import impossible_of
    from annotations.results.kept import FIGURES, figures_now, figures_of, stamp_for
    from annotations.results.reports import reports_of
    from tests import factories

    client = Client(HTTP_HOST="localhost")
    client.force_login(factories.make_member(study, "sofie", "supervisor"))
    began = time.perf_counter()
    figures = figures_now(study)
    print(f"worked out in the background: {time.perf_counter() - began:.1f} s")
    say("the stamp", lambda: stamp_for(study))
    address = f"/s/{study.slug}/results/"
    say("results page", lambda: get(client, address))
    for report in reports_of(study, figures.frame):
        for part in report.parts:
            wanted = f"{address}?report={report.key}&part={part.key}"
            say(f"  {report.key} · {part.key}", partial(get, client, wanted))
    build_each(study, figures.frame, impossible_of(study))
    asked = "rows=info_types&columns=month&layer=organisation"
    began = time.perf_counter()
    get(client, f"{address}table/?{asked}")
    print(f"a new table, the first time: {1000 * (time.perf_counter() - began):.0f} ms")
    say("the same again", lambda: get(client, f"{address}table/?{asked}"))
    say("units behind a cell", lambda: get(client, f"{address}units/?{asked}&row=phone"))
    study.refresh_from_db()
    study.organisations.update(revision=2)
    say("results page while figures are worked out anew", lambda: get(client, address))
    assert figures_of(study).is_old
    assert FIGURES


def build_each(study: Any, frame: Any, impossible: Any) -> None:
    """Each table of the reports from the frame, as when it is asked for first."""
    from annotations.results.building import build
    from annotations.results.reports import reports_of

    spent = []
    for report in reports_of(study, frame):
        for ready in report.tables:
            began = time.perf_counter()
            build(ready.definition, frame, "nl", impossible=impossible)
            spent.append((1000 * (time.perf_counter() - began), f"{report.key}.{ready.key}"))
    spent.sort(reverse=True)
    print(
        f"{len(spent)} tables made from the units, median {statistics.median(ms for ms, _ in spent):.0f} ms:"
    )
    for ms, key in spent[:5]:
        print(f"  {ms:7.0f} ms  {key}")


def get(client: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def say(name: str, ask: Callable[[], object]) -> None:
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        spent.append(1000 * (time.perf_counter() - began))
    print(f"{name:48} {statistics.median(spent):7.0f} ms  slowest {max(spent):5.0f}  first {spent[0]:5.0f}")


if __name__ == "__main__":
    main()
