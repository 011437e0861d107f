"""Whoever asks for a large export does not wait for its progress bar: 9,000 assignments, no statistics."""

import pytest
from django.db import connection
from django.utils import timezone

from annotations.exporting.cell_count import expected_cells
from annotations.exporting.export import TABLES
from annotations.exporting.profile import profile_named
from annotations.exporting.study_data import StudyData
from annotations.models import Assignment, Coding, Message
from tests.factories import START, add_conversations, make_account, make_member, make_round, make_study

CONVERSATIONS, CODERS = 3_000, 3
STEPS = 1_500_000
"""Of SQLite's virtual machine; comparing every assignment with every other takes 81,000,000."""


@pytest.fixture
def large_study(db):
    study = make_study()
    round_, account = make_round(study), make_account(study, "kees_demo")
    conversations = add_conversations(study, {"Zwaluwlijn": CONVERSATIONS}, message_count=1)
    Message.objects.bulk_create(
        (
            Message(
                study=study,
                conversation=conversation,
                batch_id=conversation.batch_id,
                external_id=str(conversation.pk),
                position=0,
                depth=0,
                account=account,
                created_at=START,
                text="Hallo",
            )
            for conversation in conversations
        ),
        batch_size=2_000,
    )
    for name in ("noor", "daan", "emre")[:CODERS]:
        coder = make_member(study, name)
        assignments = Assignment.objects.bulk_create(
            (
                Assignment(round=round_, conversation=conversation, coder=coder, position=position)
                for position, conversation in enumerate(conversations, 1)
            ),
            batch_size=2_000,
        )
        Coding.objects.bulk_create(
            (
                Coding(assignment=assignment, state="finished", finished_at=timezone.now())
                for assignment in assignments
            ),
            batch_size=2_000,
        )
    return study


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite's virtual machine")
def test_counting_the_cells_of_a_large_export_takes_steps_in_proportion(large_study):
    data = StudyData(large_study, profile_named("research"))
    tables = [build(data) for build in TABLES]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1")
        assert cursor.fetchone() == (0,), "somebody made statistics; this test asks for a plan without them"
    steps = 0

    def more() -> int:
        nonlocal steps
        steps += 1_000
        return steps > STEPS

    connection.connection.set_progress_handler(more, 1_000)
    try:
        found = expected_cells(data, tables)
    finally:
        connection.connection.set_progress_handler(None, 0)
    width = {table.name: len(table.columns) for table in tables}
    assert found == CONVERSATIONS * (width["messages.csv"] + 2 * width["codings_wide.csv"])
