"""Facts that are worked out again: what a person waits for, and what goes to the background."""

from __future__ import annotations

import pytest

from annotations.importing.store import recompute_facts as renewing
from annotations.models import Conversation
from tests.factories import make_conversation, make_study


@pytest.mark.django_db
@pytest.mark.parametrize(("messages", "waits"), [(500, False), (501, True)])
def test_many_messages_are_not_read_again_while_a_person_waits(messages, waits):
    study = make_study("long")
    make_conversation(study, "Hallo", "Dag")
    Conversation.objects.filter(study=study).update(facts_due=True, message_count=messages)
    assert renewing.renew(study.pk, actor_id=None) == (1, waits)
