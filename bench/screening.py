"""How long a screener waits in a large archive: opening the queue, the next message, the counters.

    python bench/screening.py                         1,000,000 conversations on SQLite
    python bench/screening.py --conversations 200000
    DATABASE_URL=postgres://… python bench/screening.py

Makes an archive of conversations of three messages with two organisations in a database of its own (rows, no
import), makes the frames, screens for a while, and prints for each request the median, within how many
milliseconds 95 of 100 came, the slowest, how long this process itself worked (on a busy machine the rest is
waiting), and the number of queries. Fails where a median is over 100 ms.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

NEWEST = datetime(2019, 4, 30, tzinfo=UTC)
BATCH = 20_000
LIMIT = 100
"""Milliseconds that the median of each request may take."""


def fill(study: Any, size: int) -> None:
    """The consumer, the organisation, the consumer; every ninth conversation has a candidate."""
    from annotations.common.bulk import (
        Table,
        check_keys_at_once,
        next_ids,
        roomy,
        stored_time,
        update_statistics,
    )
    from annotations.models import Account, Candidate, Conversation, ImportBatch, Message, Organisation

    other = Organisation.objects.create(study=study, name="Dienst Rijksheffingen")
    organisations = [study.organisations.get(name="Zwaluwlijn").pk, other.pk]
    batch = ImportBatch.objects.create(study=study, state=ImportBatch.State.DONE).pk
    consumer = Account.objects.create(study=study, key="kees_demo", handle="kees_demo", role="consumer").pk
    webcare = Account.objects.create(study=study, key="hulp", handle="hulp", role="organisation").pk
    conversation_fields = (
        *("id", "study_id", "number", "key", "organisation_id", "batch_id", "started_at", "message_count"),
        *("placeholder_count", "branch_count", "candidate_count"),
    )
    message_fields = (
        *("id", "study_id", "conversation_id", "batch_id", "external_id", "position", "depth", "state"),
        *("account_id", "created_at", "text", "text_before_repair", "language", "permalink", "source"),
        *("platform", "addressed", "by_hand", "text_changed", "revision"),
    )
    candidate_fields = (
        *("message_id", "start", "end", "info_type", "subtype", "confidence", "completeness", "subject"),
        *("detector", "version", "reason", "alternatives", "created_at"),
    )
    tables = (
        Table(Conversation, conversation_fields),
        Table(Message, message_fields),
        Table(Candidate, candidate_fields),
    )
    for first in range(0, size, BATCH):
        with roomy(), transaction.atomic():
            check_keys_at_once()
            number = min(BATCH, size - first)
            conversations, messages = next_ids(Conversation, number), next_ids(Message, 3 * number)
            rows: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
            for i in range(number):
                n = first + i
                at = NEWEST - timedelta(minutes=5 * n)
                has_candidate = n % 9 == 0
                rows[0].append(
                    (
                        *(conversations[i], study.pk, n + 1, f"c{n}", organisations[n % 2], batch),
                        *(stored_time(at), 3, 0, 0, int(has_candidate)),
                    )
                )
                for place in range(3):
                    pk = messages[3 * i + place]
                    text = f"Mijn nummer is 06-00000011, graag bellen ({n})" if place == 0 else f"Bericht {n}"
                    rows[1].append(
                        (
                            *(
                                pk,
                                study.pk,
                                conversations[i],
                                batch,
                                f"m{n}-{place}",
                                place,
                                place,
                                "present",
                            ),
                            *(
                                webcare if place == 1 else consumer,
                                stored_time(at + timedelta(minutes=place)),
                            ),
                            *(text, "", "", "", "", "", "", "[]", 0, 1),
                        )
                    )
                if has_candidate:
                    rows[2].append(
                        (
                            *(messages[3 * i], 15, 26, "phone", "", "high", "", "", "phone", "1", "{}", "[]"),
                            stored_time(NEWEST),
                        )
                    )
            for table, some in zip(tables, rows, strict=True):
                table.insert(some)
    update_statistics(Conversation, Message, Candidate)


def measure(size: int, steps: int) -> None:
    from django.test import Client
    from django.urls import reverse

    from annotations.models import ScreeningTrack
    from annotations.screening.frame import FRAMES
    from annotations.screening.setup import Plan, StopRule, make_screening, start
    from tests.factories import make_member, make_study

    study = make_study("groot", detector_version="1")
    coder = make_member(study, "coder")
    began = time.perf_counter()
    fill(study, size)
    print(f"archive of {size:,} conversations: {time.perf_counter() - began:.0f} s")
    stops = [StopRule(pk) for pk in study.organisations.values_list("pk", flat=True)]
    plan = Plan("Groot", "contains_pii", NEWEST.date(), stops, [coder.pk])
    screening = start(make_screening(study.pk, plan, actor_id=None).pk, actor_id=None)
    for track in screening.tracks.all():
        began = time.perf_counter()
        FRAMES.run(track.pk)
        track.refresh_from_db()
        print(f"frame of {track.size:,} messages: {time.perf_counter() - began:.0f} s")
    track = screening.tracks.get(organisation__name="Zwaluwlijn")
    ScreeningTrack.objects.filter(pk=track.pk).update(target=10_000)
    client, supervisor = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    client.force_login(coder)
    supervisor.force_login(make_member(study, "supervisor", "supervisor"))
    took: dict[str, list[float]] = defaultdict(list)
    own: dict[str, list[float]] = defaultdict(list)
    queries: dict[str, int] = {}

    def ask(name: str, method: str, values: dict[str, Any] | None = None, *, by: Any = client) -> Any:
        pk = {"screenings": [], "screening": [screening.pk], "screening_settle": [screening.pk]}
        address = reverse(name, args=["groot", *pk.get(name, [track.pk])])
        connection.queries_log.clear()  # it holds only so many
        with CaptureQueriesContext(connection) as seen:
            began, worked = time.perf_counter(), time.process_time()
            answer = getattr(by, method)(address, values or {})
            took[name].append(1000 * (time.perf_counter() - began))
            own[name].append(1000 * (time.process_time() - worked))
        queries[name] = max(len(seen), queries.get(name, 0))
        assert answer.status_code == 200, answer.content
        return answer

    for step in range(steps):
        ask("screen", "get")
        now = ask("screen_next", "post").json()
        given = {"answer": "yes"} if step % 5 == 0 else {"answer": "no", "reason": "nothing_visible"}
        given = {"doubt": "1"} if step % 25 == 24 else given
        ask("screen_decide", "post", {"unit": now["unit"], "revision": now["revision"], **given})
        if step % 10 == 9:
            ask("screen_undo", "post")
        if step % 20 == 19:
            ask("screenings", "get")
            ask("screening", "get", by=supervisor)
            ask("screening_settle", "get", by=supervisor)
    is_slow = False
    for name, times in took.items():
        times = sorted(times[1:]) or times  # the first one reads templates and the codebook
        middle = statistics.median(times)
        is_slow |= middle > LIMIT
        print(
            f"{name:16} median {middle:6.1f} ms, 95 % within {times[int(0.95 * (len(times) - 1))]:6.1f} ms, "
            f"slowest {times[-1]:6.1f} ms; median of its own work {statistics.median(own[name]):6.1f} ms; "
            f"at most {queries[name]} queries"
        )
    if is_slow:
        raise SystemExit(f"Something took longer than {LIMIT} ms.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=200)
    asked = parser.parse_args()
    if connection.vendor == "sqlite":
        folder = tempfile.mkdtemp(prefix="bench-screening-")
        connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    print(f"{connection.vendor}: {name}")
    try:
        measure(asked.conversations, asked.steps)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
