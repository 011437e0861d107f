"""A study with a row of every kind that an archive holds, and ids that no figure of it could be."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from annotations.archive.contents import included, rows_of
from annotations.codebooks.store import store_next
from annotations.coding.answers import load_state
from annotations.coding.save import save_answer
from annotations.coding.save.finishing import _freeze
from annotations.conversations.filters import Filters
from annotations.conversations.selections import save_selection
from annotations.models import (
    Absence,
    AnswerRead,
    Assignment,
    CandidateDecision,
    CaseCheck,
    Category,
    Code,
    CodeCategory,
    Coding,
    ComparisonSample,
    ComparisonUnit,
    Consensus,
    ConsensusCategory,
    ConsensusSpan,
    ContextSuggestion,
    Decision,
    DraftStep,
    Event,
    Gate,
    KeptContradiction,
    KeyReason,
    Meeting,
    MeetingCase,
    MessageVersion,
    Proposal,
    Question,
    Rescan,
    ScreeningTrack,
    ScreeningUnit,
    Span,
    Study,
    Training,
    Variable,
    VersionChange,
    Vote,
)
from annotations.questions.ask import answer
from annotations.sampling.assign import create_round
from annotations.sampling.plan import Wish
from annotations.studies.statement import accept, set_statement
from tests.factories import START, make_conversation, make_round
from tests.world import Side, code_more, make_world

STEP = 1_000_000


def count_from(first: int) -> None:
    """Let every table count on from a million of its own, so that an id tells where it comes from."""
    tables = sorted(model._meta.db_table for model in apps.get_app_config("annotations").get_models())
    for number, table in enumerate(["auth_user", *tables]):
        last = first + number * STEP
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def are_between(text: str, first: int) -> list[str]:
    """Numbers in a text that are ids of an installation whose tables count from `first`."""
    last = first + STEP * 100
    return [found for found in re.findall(r"(?<![\w-])\d{8,9}(?!\w)", text) if first <= int(found) < last]


def make_fullest() -> Side:
    """Ours of the world, with what an address does not name."""
    side = make_world().ours
    study, supervisor, coder = side.study, side.supervisor, side.coder
    code_more(side)
    message = side.coding.assignment.conversation.messages.get(position=0)
    for coding in (side.coding, side.others):
        actor = coding.assignment.coder_id
        rows = Code.objects.filter(coding=coding, message=message, variable__key="contains_pii")
        revision = rows.values_list("revision", flat=True).first() or 0
        save_answer(
            coding.pk,
            actor_id=actor,
            key=("message", message.pk),
            variable="contains_pii",
            value="yes",
            revision=revision,
        )
    Coding.objects.filter(pk__in=[side.coding.pk, side.others.pk]).update(
        state="finished", finished_at=timezone.now()
    )
    _settle(side, message)
    _freeze(load_state(Coding.objects.get(pk=side.others.pk)), side.other_coder.pk)
    _books(study, supervisor)
    _rounds(study, side)
    _screened(study, supervisor, side)
    candidate = message.candidates.first() or message.candidates.create(
        start=0, end=3, info_type="phone", confidence="high", detector="phone", version="1"
    )
    span = Span.objects.filter(coding__assignment__round__study=study).first()
    assert span is not None
    CandidateDecision.objects.create(coding=span.coding, candidate=candidate, decision="accepted", span=span)
    KeptContradiction.objects.create(coding=side.coding, rule="odd", message=message)
    MessageVersion.objects.create(message=message, batch=message.batch, text="Later stond hier iets anders")
    ContextSuggestion.objects.get_or_create(
        conversation=message.conversation, kind="first_contact", defaults={"value": True}
    )
    question = Question.objects.get(pk=side.objects["question"])
    answer(question.pk, text="Ja, dat telt", is_rule=True, revision=1, actor_id=supervisor.pk)
    AnswerRead.objects.create(question=question, user=coder, revision=2)
    set_statement(study.pk, "Wat u leest blijft hier.", version=0, actor_id=supervisor.pk)
    accept(study.pk, version=1, actor_id=coder.pk)
    Rescan.objects.create(
        study=study, version="2", version_before="1", state="done", last_message=message.pk, added=1
    )
    draft = study.drafts.get(closed_at=None)
    DraftStep.objects.get_or_create(draft=draft, number=1, defaults={"do": "set", "at": 0, "inserted": "x"})
    meeting = Meeting.objects.filter(study=study).first() or Meeting.objects.create(
        study=study, name="Overleg", created_by=supervisor
    )
    case = meeting.cases.first() or MeetingCase.objects.create(
        meeting=meeting,
        position=1,
        round=side.coding.assignment.round,
        conversation=message.conversation,
        question=Question.objects.get(pk=side.objects["question"]),
    )
    Meeting.objects.filter(pk=meeting.pk).update(started_at=timezone.now(), ended_at=None, current=case)
    Vote.objects.get_or_create(case=case, ballot=1, voter=coder, defaults={"value": '"yes"'})
    Absence.objects.create(
        study=study, user=coder, first=START.date(), last=START.date(), created_by=supervisor
    )
    Proposal.objects.filter(study=study).update(joined=Proposal.objects.filter(study=study).first())
    Event.objects.record(
        "account.guessed_again",
        actor_id=supervisor.pk,
        study_id=study.pk,
        subject=study.organisations.get(),
        after={
            "accounts": 1,
            "missing": 1,
            "own": 0,
            "changed": [[message.account_id, "consumer", study.organisations.get().pk]],
        },
    )
    empty = [model.__name__ for model in included() if not rows_of(model, study).exists()]
    assert empty == [], "nothing of these would be tested"
    return side


def _settle(side: Side, message: Any) -> None:
    version = side.study.codebook_version
    single = Variable.objects.get(version=version, key="contains_pii")
    multi = Variable.objects.get(version=version, key="channels")
    spans = Variable.objects.get(version=version, key="info_type")
    common = {
        "round": side.coding.assignment.round,
        "conversation": message.conversation,
        "message": message,
        "decided_by": side.supervisor,
    }
    first = Consensus.every.create(
        variable=single,
        category=Category.objects.get(variable=single, key="yes"),
        reason="Een nummer telt",
        is_settled_case=True,
        **common,
    )
    several = Consensus.every.create(variable=multi, **common)
    marked = Consensus.every.create(variable=spans, withdrawn_at=timezone.now(), revision=2, **common)
    dm = Category.objects.get(variable=multi, key="dm")
    ConsensusCategory.objects.create(consensus=several, category=dm)
    phone = Category.objects.get(variable=spans, key="phone")
    ConsensusSpan.objects.create(consensus=marked, start=0, end=3, category=phone)
    for row, value in ((first, "yes"), (several, ["dm"]), (marked, [])):
        Decision.objects.create(consensus=row, revision=1, value=value, decided_by=side.supervisor)
    Event.objects.record(
        "consensus.imported",
        actor_id=side.supervisor.pk,
        study_id=side.study.pk,
        subject=common["round"],
        after={"settled": [first.pk, several.pk]},
    )
    code = Code.objects.create(coding=side.coding, variable=multi, message=message)
    CodeCategory.objects.create(code=code, category=dm)


def _books(study: Study, supervisor: User) -> None:
    old = study.codebook_version
    source = old.source.replace("1.0.0", "1.1.0").replace("Wachttijd", "Wachttijd in dagen")
    change = VersionChange(kind=VersionChange.Kind.WORDING, was="waiting_days", variable="waiting_days")
    new = store_next(source, old, [change], actor_id=supervisor.pk)
    case = Consensus.objects.filter(round__study=study, is_settled_case=True).first()
    CaseCheck.objects.create(consensus=case, version=new, holds=True, checked_by=supervisor)
    make_round(study, "Volgende versie", codebook_version=new)


def _rounds(study: Study, side: Side) -> None:
    for number in range(4):
        make_conversation(study, f"Bericht {number}: bel 06-0000002{number} 👨‍👩‍👧", "Dank, we kijken mee")
    organisation = study.organisations.get()
    selection = save_selection(
        study.pk, name="Van hen", filters=Filters(organisation=organisation.pk), actor_id=side.supervisor.pk
    )
    wish = Wish(
        coder_ids=(side.coder.pk, side.other_coder.pk),
        seed=5,
        scope="new",
        number=3,
        shared_percent=Decimal(50),
        selection=selection.pk,
    )
    drawn = create_round(study.pk, wish, name="Getrokken", kind="main", actor_id=side.supervisor.pk)
    released = drawn.assignments.filter(coder=side.coder).first()
    Assignment.with_released.filter(pk=released.pk).update(released_at=timezone.now())
    before = side.coding.assignment.round
    Gate.objects.create(
        round=drawn,
        after=before,
        thresholds={"contains_pii": 0.8},
        chosen_by=side.supervisor,
    )
    training = Training.objects.get(round__study=study)
    KeyReason.objects.create(
        training=training,
        conversation=side.coding.assignment.conversation,
        variable="solved",
        reason="Zo staat het er",
        written_by=side.supervisor,
    )


def _screened(study: Study, supervisor: User, side: Side) -> None:
    track = ScreeningTrack.objects.get(screening__study=study)
    unit = ScreeningUnit.objects.filter(track=track).first()
    assert unit is not None
    sample = ComparisonSample.objects.create(
        screening=track.screening, design="random", per_find=1, seed=3, drawn_by=supervisor
    )
    conversation = study.conversations.order_by("number").last()
    ComparisonUnit.objects.create(sample=sample, unit=unit, conversation=conversation)
