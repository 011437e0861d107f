"""An accepted proposal stands in the draft, with why; answered meanwhile, nothing of it does."""

import pytest
from django.test import Client
from django.urls import reverse

from annotations.codebooks.proposals import propose
from annotations.drafts.accepting import accept
from annotations.drafts.store import draft_of
from annotations.errors import StaleWrite
from annotations.models import Proposal
from tests.factories import make_member, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    study = make_study("voorstel")
    study.boss, study.coder = make_member(study, "boss", "supervisor"), make_member(study, "coder")
    return study


def proposed(study, kind="category", variable="solved"):
    return propose(study.pk, actor_id=study.coder.pk, kind=kind, text="Soms is het later.", variable=variable)


def written(study, variable="solved"):
    return next(each for each in draft_of(study).document["variables"] if each["key"] == variable)


def test_a_missing_category_is_there_to_be_written_with_the_proposal_as_its_reason(study):
    proposal = proposed(study)
    client = Client()
    client.force_login(study.boss)
    asked = {"state": "accepted", "revision": proposal.revision, "sentence": "Komt erbij."}
    answer = client.post(reverse("proposal_answer", args=[study.slug, proposal.pk]), asked)
    variable = written(study)
    assert answer.url.endswith(f"?item={variable['_id']}")
    new = variable["categories"][-1]
    assert (new.get("_was"), new["_reason"]) == (None, "Soms is het later.")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == ("accepted", "Komt erbij.")
    assert "Soms is het later." in client.get(answer.url).text


def test_an_unclear_rule_leads_to_its_question_and_one_without_a_question_to_the_draft(study):
    where = accept(proposed(study, "unclear"), actor_id=study.boss.pk, revision=1, sentence="")
    assert where == written(study)["_id"]
    assert draft_of(study).step == 0
    assert accept(proposed(study, variable=""), actor_id=study.boss.pk, revision=1, sentence="") == ""


def test_answered_by_another_nothing_is_put_on_the_draft(study):
    proposal = proposed(study)
    Proposal.objects.update(revision=2)
    with pytest.raises(StaleWrite):
        accept(proposal, actor_id=study.boss.pk, revision=1, sentence="")
    assert draft_of(study) is None
