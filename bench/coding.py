"""How long the server takes for the coding page and for saving one answer, and what the page weighs.

    python bench/coding.py            200 requests each, threads of 5 and of 130 messages

Median and 95th percentile of 200 requests through the whole stack of middleware, on the database that
DATABASE_URL names (SQLite by default), with the short codebook of the library.
"""

# Django must be set up before its models are imported.
# ruff: noqa: E402
from __future__ import annotations

import gzip
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
REQUESTS = 200
sys.path.insert(0, str(BASE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("WEBCARE_DATA", tempfile.mkdtemp(prefix="webcare-bench-"))

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from annotations.models import Assignment
from tests import factories

LIBRARY = BASE / "annotations" / "codebooks" / "library" / "webcare_privacy_core.yaml"
MODULES = ["core", "privacy", "response", "context", "admin"]


def make_desk() -> tuple[User, dict[int, Assignment]]:
    """A coder with 200 conversations, among them one of 5 and one of 130 messages, a candidate in each."""
    study = factories.make_study(
        codebook=LIBRARY.read_text(encoding="utf-8"), modules=MODULES, detector_version="1"
    )
    coder = factories.make_member(study, "bench")
    found = {}
    for size in (5, 130):
        texts = [f"@ZwaluwlijnHulp bericht {n}: bel 06-00000011 &amp; snel 😅 graag" for n in range(size)]
        conversation = factories.make_conversation(study, *texts)
        for message in conversation.messages.all():
            factories.make_candidate(message, "06-00000011", "phone", reason={"nl": "10 cijfers"})
        found[size] = factories.assign(conversation, coder)
    for n in range(198):
        factories.assign(factories.make_conversation(study, f"kort {n}", "ja"), coder)
    return coder, found


def timed(ask: Callable[[int], None]) -> str:
    for n in range(5):
        ask(n)
    times, work = [], []
    for n in range(REQUESTS):
        start, worked = time.perf_counter(), time.process_time()
        ask(n + 5)
        times.append((time.perf_counter() - start) * 1000)
        work.append((time.process_time() - worked) * 1000)
    late = statistics.quantiles(times, n=20)[18]
    median, cpu = statistics.median(times), statistics.median(work)
    return f"median {median:6.1f} ms   p95 {late:6.1f} ms   (processor time, median {cpu:6.1f} ms)"


def main() -> None:
    call_command("migrate", verbosity=0)
    coder, assignments = make_desk()
    client = Client(SERVER_NAME="localhost", headers={"accept-language": "nl"})
    client.force_login(coder)
    for size, assignment in assignments.items():
        url = f"/s/{assignment.round.study.slug}/code/{assignment.pk}/"
        body = client.get(url).content
        print(f"{size:4} messages  page  {timed(lambda n, url=url: get(client, url))}")
        print(f"               bytes {len(body):,} ({len(gzip.compress(body, 6)):,} with gzip)")
        message = assignment.conversation.messages.first()
        save = save_of(client, f"{url}save/", f"m{message.pk}")
        print(f"{size:4} messages  save  {timed(save)}")
    scripts = list((BASE / "static/annotations/js/coding").glob("*.js"))
    weight = sum(len(gzip.compress(path.read_bytes(), 6)) for path in scripts)
    print(f"scripts: {len(scripts)} files, {weight:,} bytes with gzip")


def get(client: Client, url: str) -> None:
    assert client.get(url).status_code == 200


def save_of(client: Client, url: str, unit: str) -> Callable[[int], None]:
    revision = 0

    def save(n: int) -> None:
        nonlocal revision
        body = {"do": "answer", "unit": unit, "variable": "contains_pii", "revision": revision}
        response = client.post(
            url, json.dumps(body | {"value": ("yes", "no")[n % 2]}), content_type="application/json"
        )
        assert response.status_code == 200, response.content
        revision = response.json()["revision"]

    return save


if __name__ == "__main__":
    main()
