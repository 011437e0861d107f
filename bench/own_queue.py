"""How much longer a coder waits for the next conversation when the own queue is long.

    python bench/own_queue.py [100000]     own assignments, half of them finished; beside a coder with 100

Milliseconds of processor time of 50 requests each, on the database that DATABASE_URL names, and the ratio.
"""

# Django must be set up before its models are imported.
# ruff: noqa: E402
from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("WEBCARE_DATA", tempfile.mkdtemp(prefix="webcare-bench-"))

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations.models import Assignment, Coding, Conversation, Message, Study
from tests import factories

REQUESTS = 50
LIBRARY = BASE / "annotations" / "codebooks" / "library" / "webcare_privacy_core.yaml"


def make_study(number: int) -> Study:
    study = factories.make_study(codebook=LIBRARY.read_text(encoding="utf-8"))
    first = factories.make_conversation(study, "kort bericht", "ja")
    rows = [
        Conversation(study=study, number=n, key=f"c{n}", batch_id=first.batch_id, message_count=1)
        for n in range(2, number + 1)
    ]
    Conversation.objects.bulk_create(rows, batch_size=5000)
    Message.objects.bulk_create(
        (
            Message(
                study=study,
                conversation=row,
                batch_id=first.batch_id,
                external_id=f"m{row.number}",
                position=0,
                text="kort bericht",
            )
            for row in rows
        ),
        batch_size=5000,
    )
    return study


def give(study: Study, name: str, number: int) -> User:
    coder = factories.make_member(study, name)
    round_ = factories.make_round(study, name)
    given = Assignment.objects.bulk_create(
        (
            Assignment(round=round_, conversation_id=pk, coder=coder, position=place)
            for place, pk in enumerate(
                study.conversations.order_by("number").values_list("pk", flat=True)[:number], start=1
            )
        ),
        batch_size=5000,
    )
    Coding.objects.bulk_create(
        (
            Coding(assignment=row, state="finished", finished_at=timezone.now())
            for row in given[: number // 2]
        ),
        batch_size=5000,
    )
    return coder


def measure(study: Study, coder: User) -> dict[str, float]:
    client = Client()
    client.force_login(coder)
    own = Assignment.objects.filter(coder=coder, progress="todo").order_by("position")[0]
    asked = {
        "to the next one": reverse("coding", args=[study.slug]),
        "coding page": reverse("coding_unit", args=[study.slug, own.pk]),
        "own list": reverse("coding_list", args=[study.slug]),
    }
    found = {}
    for name, path in asked.items():
        client.get(path)
        took = []
        for _request in range(REQUESTS):
            began = time.process_time()
            client.get(path)
            took.append(1000 * (time.process_time() - began))
        found[name] = statistics.median(took)
    return found


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    call_command("migrate", verbosity=0)
    study = make_study(number)
    few, many = (measure(study, give(study, name, size)) for name, size in (("few", 100), ("many", number)))
    print(f"{connection.vendor}, ms of processor time, 100 and {number:,} own conversations")
    for name in few:
        print(f"{name:16} {few[name]:7.1f} {many[name]:7.1f}   ratio {many[name] / few[name]:.2f}")


if __name__ == "__main__":
    main()
