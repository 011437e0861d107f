"""The demo study into the database: through the same doors as any study, from the files in corpus/."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.models import User
from django.db import transaction

from ..accounts.members import add_member
from ..adjudication.imported import import_settled
from ..codebooks.conversion import parse_value
from ..codebooks.lookup import lookup
from ..codebooks.values import Missing
from ..coding.answers import CONVERSATION, UnitKey
from ..coding.save import add_span, save_answer, start_coding
from ..errors import BadInput
from ..exporting.reading.codings import import_lines
from ..exporting.reading.lines import CodingLine, read_lines
from ..importing.store.commit import import_files
from ..models import Assignment, Membership, Message, Study
from ..sampling.imported import assign_imported, round_for_import
from ..studies.create import create_study
from ..studies.organisations import FACTS, OrganisationInput, save_organisation
from .screening import screen_demo

CORPUS = Path(__file__).parent / "corpus"
SUPERVISOR = "supervisor"
ROUND = "Hoofdcodering"
NOT_ASKED = str(int(Missing.NOT_APPLICABLE))


@transaction.atomic
def load_demo(*, password: str) -> Study:
    """Make the demo study with its people, corpus, codings and settled cases. Raises BadInput."""
    plan = yaml.safe_load((CORPUS / "study.yaml").read_text(encoding="utf-8"))
    slug = plan["study"]["slug"]
    if Study.objects.filter(slug=slug).exists():
        raise BadInput(f"There is a study {slug} already; nothing was changed.")
    for name in (SUPERVISOR, *plan["coders"]):
        _person(name, password, may_make_studies=name == SUPERVISOR)
    supervisor = User.objects.get(username=SUPERVISOR)
    study = _study(plan, supervisor)
    for name in plan["coders"]:
        add_member(study, name, Membership.Role.CODER, actor_id=supervisor.pk)
    import_files(study, [CORPUS / name for name in plan["files"]], actor_id=supervisor.pk)
    _assign(study, supervisor)
    _code(study, supervisor)
    import_settled(study, _rows("settled.csv"), actor_id=supervisor.pk)
    _screen(study, plan, supervisor)
    return study


def _person(name: str, password: str, *, may_make_studies: bool) -> None:
    if User.objects.filter(username=name).exists():
        raise BadInput(f"There is a person {name} already; the demo study makes its own people.")
    person = User(username=name, is_staff=may_make_studies)
    person.set_password(password)
    person.save()


def _study(plan: dict[str, Any], supervisor: User) -> Study:
    described = plan["study"]
    study = create_study(
        slug=described["slug"],
        name=described["name"][described["language"]],
        codebook=described["codebook"],
        language=described["language"],
        privacy=Study.Privacy.OPEN,
        actor_id=supervisor.pk,
        supervisor_id=supervisor.pk,
    )
    for organisation in plan["organisations"]:
        given = OrganisationInput(organisation["name"], (organisation["webcare"], organisation["main"]))
        facts = dict.fromkeys(FACTS) | {"sector": organisation["sector"]} | organisation["facts"]
        save_organisation(study.pk, given, facts, actor_id=supervisor.pk)
    return study


def _assign(study: Study, supervisor: User) -> None:
    """Who codes what, in the order of the file; what is finished comes first in a coder's queue."""
    round_ = round_for_import(study, ROUND, actor_id=supervisor.pk)
    coders = dict(User.objects.values_list("username", "id"))
    conversations = dict(study.conversations.values_list("key", "id"))
    order = {"finished": 0, "unfinished": 1, "open": 2}
    rows = sorted(_rows("assignments.csv"), key=lambda row: order[row["state"]])
    pairs = [(coders[row["coder"]], conversations[row["conversation_id"]]) for row in rows]
    assign_imported(round_, pairs, actor_id=supervisor.pk)


def _code(study: Study, supervisor: User) -> None:
    begun = {
        (row["coder"], row["conversation_id"])
        for row in _rows("assignments.csv")
        if row["state"] == "unfinished"
    }
    finished: list[CodingLine] = []
    unfinished: list[CodingLine] = []
    for line in read_lines(CORPUS / "codings.csv"):
        is_begun = (line["coder"], line["conversation_id"]) in begun
        (unfinished if is_begun else finished).append(line)
    import_lines(study, finished, file_name="codings.csv", round_name=ROUND, actor_id=supervisor.pk)
    _begin(study, unfinished)


def _begin(study: Study, lines: list[CodingLine]) -> None:
    """Codings that were begun and left: each answer as a coder gives it."""
    messages = {message.external_id: message for message in Message.objects.filter(study=study)}
    for line in lines:
        if line["value"] == NOT_ASKED:
            continue
        assignment = Assignment.objects.select_related("round").get(
            round__study=study,
            coder__username=line["coder"],
            conversation__key=line["conversation_id"],
        )
        coding = start_coding(assignment.pk, actor_id=assignment.coder_id)
        message = messages.get(line["message_id"])
        if line["start"] and message is not None:
            start, end = int(line["start"]), int(line["end"])
            add_span(
                coding.pk,
                actor_id=assignment.coder_id,
                message_id=message.pk,
                start=start,
                end=end,
                quote=message.text[start:end],
                info_type=line["value"],
            )
            continue
        key: UnitKey = ("message", message.pk) if message else CONVERSATION
        variable = lookup(assignment.round.codebook_version_id).spec.by_key[line["variable"]]
        save_answer(
            coding.pk,
            actor_id=assignment.coder_id,
            key=key,
            variable=variable.key,
            value=parse_value(variable, [line["value"]]),
            revision=0,
        )


def _screen(study: Study, plan: dict[str, Any], supervisor: User) -> None:
    """Where the hundred messages come from."""
    screen_demo(
        study,
        study.rounds.get(name=ROUND),
        truth={row["message_id"]: row["contains_pii"] for row in _rows("truth.csv")},
        quota=plan["study"]["quota_per_organisation"],
        actor_id=supervisor.pk,
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
