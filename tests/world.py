"""Two studies with everything an address can name, and every kind of visitor, to walk over all pages."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from annotations.accounts.links import make_link
from annotations.accounts.session import SESSION_TOUCHED
from annotations.codebooks.proposals import propose
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, add_span, save_answer, store_imported
from annotations.detector.rules import accept
from annotations.drafts.store import start as start_draft
from annotations.exporting.kept import folder, new_name
from annotations.exporting.reading.uploads import receive
from annotations.figures.kept import remember
from annotations.figures.records import Forest, Point
from annotations.meeting.lead import go_to
from annotations.meeting.prepare import begin, make_meeting
from annotations.models import (
    Coding,
    ColumnMapping,
    Conversation,
    ExportFile,
    Membership,
    OpenSession,
    Question,
    Study,
    StudyArrival,
)
from annotations.pii import Rule
from annotations.questions.ask import ask
from annotations.quotations.store import add_quotation
from annotations.results.building import Definition
from annotations.results.collect import table_of
from annotations.results.kept import figures_now
from annotations.results.saved import save_table
from annotations.screening.decide import Given, decide
from annotations.screening.frame import FRAMES
from annotations.screening.queue import hand_out
from annotations.screening.setup import Plan, StopRule, make_screening
from annotations.screening.setup import start as start_screening
from annotations.studies.absence import add_absence
from annotations.training.attempts import score, set_up, start
from tests.factories import (
    START,
    assign,
    make_candidate,
    make_coding,
    make_conversation,
    make_member,
    make_round,
    make_study,
)

OTHERS_NAME = "zebravink"
OTHERS_PSEUDONYM = "Kwartel9"
OTHERS_NUMBER = "73.19"
OTHERS_NOTE = "olifantenpaadje"
MARKS = (OTHERS_NAME, "Xandra", "Quasimodo", OTHERS_PSEUDONYM, OTHERS_NOTE, "73.19", "73,19")
"""What is the other coder's alone; no answer to a coder may hold any of it."""

WORDS = {
    "variable": "contains_pii",
    "key": "contains_pii",
    "level": "message",
    "info_type": "phone",
    "kind": "missed",
    "suffix": "yaml",
    "look": "light-page",
    "ending": "svg",
    "case": "leak",
}
"""What is a word in an address, and the same in every study."""


@dataclass
class Side:
    """One study and what is in it. `coding` is the coder's, `others` the other coder's on the same text."""

    study: Study
    supervisor: User
    coder: User
    other_coder: User
    coding: Coding
    others: Coding
    objects: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    ours: Side
    theirs: Side
    stranger: User
    administrator: User
    left: User

    def visitors(self) -> dict[str, User | None]:
        return {
            "signed out": None,
            "stranger": self.stranger,
            "administrator": self.administrator,
            "left": self.left,
            "supervisor of another study": self.theirs.supervisor,
            "coder of another study": self.theirs.coder,
            "coder": self.ours.coder,
            "other coder": self.ours.other_coder,
            "supervisor": self.ours.supervisor,
        }


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace, so that every request meets the same data."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def browser_of(user: User | None) -> Client:
    """A browser in which that person is signed in, and has just been active: a request writes no session."""
    client = Client()
    if user is not None:
        client.force_login(user)
        session = client.session
        session[SESSION_TOUCHED] = int(time.time())
        session.save()
    return client


def make_world() -> World:
    left = User.objects.create(username="left")
    ours, theirs = _side("zilver", "a"), _side("goud", "b")
    ours.other_coder.username, ours.other_coder.first_name = OTHERS_NAME, "Xandra"
    ours.other_coder.last_name = "Quasimodo"
    ours.other_coder.save()
    Membership.objects.filter(user=ours.other_coder).update(pseudonym=OTHERS_PSEUDONYM)
    Membership.objects.create(
        study=ours.study, user=left, role="supervisor", pseudonym="Weg1", is_active=False
    )
    administrator = User.objects.create(username="admin", is_staff=True, is_superuser=True)
    refused = {"state": StudyArrival.State.FAILED, "problem": "The file is damaged."}
    ours.objects["arrival"] = StudyArrival.objects.create(
        given_by=administrator, name="zilver.study", **refused
    ).pk
    return World(
        ours=ours,
        theirs=theirs,
        stranger=User.objects.create(username="stranger"),
        administrator=administrator,
        left=left,
    )


def _side(slug: str, mark: str) -> Side:
    study = make_study(slug, modules=["core", "extra"], detector_version="1")
    supervisor = make_member(study, f"{mark}-supervisor", "supervisor")
    coder, other = make_member(study, f"{mark}-coder"), make_member(study, f"{mark}-other")
    newcomer = make_member(study, f"{mark}-newcomer")
    conversation = make_conversation(study, "Bel mij op 06-00000011", "Stuur ons een DM", "Doe ik")
    message = conversation.messages.get(position=0)
    candidate = make_candidate(message, "06-00000011", "phone")
    coding, others = make_coding(conversation, coder), make_coding(conversation, other)
    save_answer(coding.pk, actor_id=coder.pk, key=CONVERSATION, variable="solved", value="partly", revision=0)
    side = Side(study, supervisor, coder, other, coding, others)
    start_draft(study.pk, actor_id=supervisor.pk)
    side.objects = WORDS | {
        "slug": slug,
        "token": make_link(newcomer.pk, actor_id=None).token,
        "assignment": coding.assignment_id,
        "coding": coding.pk,
        "conversation": conversation.pk,
        "number": conversation.number,
        "message": message.pk,
        "unit": message.pk,
        "candidate": candidate.pk,
        "account": message.account_id,
        "import": conversation.batch_id,
        "mapping": ColumnMapping.objects.create(study=study, name="Export", mapping={"text": "Bericht"}).pk,
        "export": _export_file(study, supervisor),
        "codings": codings_upload(study, supervisor),
        "round": coding.assignment.round_id,
        "organisation": study.organisations.get().pk,
        "member": study.memberships.get(user=newcomer).pk,
        "rule": _rule(study, supervisor),
        "question": ask(coding.assignment_id, actor_id=coder.pk, text="Telt dit?", message_id=message.pk).pk,
        "watch": coding.assignment.round_id,
        "absence": add_absence(
            study.pk, coder.pk, first=date(2099, 7, 1), last=date(2099, 7, 14), actor_id=coder.pk
        ).pk,
        **training_behind(study, supervisor, coder, conversation, {"solved": "fully"}, {"solved": "not"}),
        **screening_under_way(study, (coder, newcomer), supervisor),
        "table": _saved_table(study, supervisor),
        "quotation": one_quotation(study, message.pk, supervisor),
        "proposal": propose(study.pk, actor_id=supervisor.pk, kind="unclear", text="What of initials?").pk,
        "session": OpenSession.objects.create(user=supervisor, session_key=f"elsewhere-{slug}").pk,
        "meeting": meeting_under_way(study, supervisor),
        "figure": remember(study.pk, Forest(study.name, "α", rows=("a",), points=(Point(0.8, 0.7, 0.9),))),
    }
    return side


def meeting_under_way(study: Study, supervisor: User) -> int:
    """One with the study's question on the wall."""
    questions = list(Question.objects.filter(assignment__round__study=study))
    made = make_meeting(
        study.pk,
        name="Bespreking",
        minutes=60,
        people=2,
        round_=None,
        chosen=[],
        questions=questions,
        actor_id=supervisor.pk,
    )
    begun = begin(made.pk, people=2, actor_id=supervisor.pk)
    go_to(made.pk, made.cases.get().pk, revision=begun.revision, actor_id=supervisor.pk)
    return made.pk


def training_behind(
    study: Study, supervisor: User, coder: User, conversation: Conversation, right: dict, wrong: dict
) -> dict[str, int]:
    """One whose only attempt the coder has behind, with one answer other than the key."""
    round_ = make_round(study, "Training", kind="training")
    row = set_up(
        round_.pk,
        key_round_id=None,
        next_round_id=None,
        units=1,
        attempts=1,
        least=Decimal("0.8"),
        per_variable=True,
        actor_id=supervisor.pk,
    )
    key = assign(conversation, supervisor, "Training")
    store_imported(round_, [ImportedCoding(key, {CONVERSATION: right})], actor_id=None)
    start(row.pk, [coder.pk], actor_id=supervisor.pk)
    own = round_.assignments.get(coder=coder)
    store_imported(round_, [ImportedCoding(own, {CONVERSATION: wrong})], actor_id=None)
    score(own.pk)
    return {"training": round_.pk, "trained": own.pk}


def screening_under_way(study: Study, screeners: Sequence[User], supervisor: User) -> dict[str, int]:
    """One under way: the newest message was judged by both, differently."""
    organisation = study.organisations.order_by("pk")[0]
    plan = Plan(
        name="Terugzoeken",
        variable="contains_pii",
        starts_on=START.date(),
        stops=[StopRule(organisation.pk)],
        screeners=[user.pk for user in screeners],
        double_percent=Decimal(100),
    )
    screening = make_screening(study.pk, plan, actor_id=supervisor.pk)
    track = start_screening(screening.pk, actor_id=supervisor.pk).tracks.get()
    FRAMES.run(track.pk)
    for user, given in zip(
        screeners, (Given("yes"), Given("no", "said_only", note=OTHERS_NOTE)), strict=True
    ):
        unit = hand_out(track.pk, user.pk)
        assert unit is not None
        decide(unit.pk, given, coder_id=user.pk, revision=0)
    return {"screening": screening.pk, "track": track.pk, "screened": unit.pk}


def _rule(study: Study, supervisor: User) -> int:
    (row,) = accept(study, [Rule("find", "phone", "lijn", "9{4}")], actor_id=supervisor.pk)
    return row.pk


def _saved_table(study: Study, supervisor: User) -> int:
    figures, asked = figures_now(study), Definition("organisation", unit="conversation")
    made = table_of(figures, study, asked, "en")
    saved = save_table(study.pk, name="Where", definition=asked, table=made, actor_id=supervisor.pk)
    return saved.pk


def one_quotation(study: Study, message: int, supervisor: User) -> int:
    said = "Iemand geeft een telefoonnummer"
    row = add_quotation(
        study.pk,
        message,
        category="contains_pii:yes",
        paraphrase=said,
        status="paraphrase",
        actor_id=supervisor.pk,
    )
    return row.pk


def _export_file(study: Study, supervisor: User) -> int:
    """An export that was made; what is in it is the business of tests/exporting."""
    name, content = new_name(), b"PK\5\6" + bytes(18)  # a zip with nothing in it
    (folder() / name).write_bytes(content)
    made = {"state": ExportFile.State.DONE, "finished_at": timezone.now(), "bytes": len(content)}
    return ExportFile.objects.create(
        study=study, asked_by=supervisor, profile="research", file=name, **made
    ).pk


def codings_upload(study: Study, supervisor: User) -> int:
    """A file that was refused, so that nothing is stored from it."""
    header = b"coder,conversation_id,message_id,variable,value\n"
    file = SimpleUploadedFile("codings.csv", header + b"nobody,nowhere,,solved,fully\n")
    return receive(study, file, actor_id=supervisor.pk).pk


def code_more(side: Side) -> None:
    """Let the other coder do what a coder does: answers of every level, a fragment."""
    coding, actor = side.others.pk, side.others.assignment.coder_id
    message = side.objects["message"]

    def save(key: Any, variable: str, value: Any) -> None:
        save_answer(coding, actor_id=actor, key=key, variable=variable, value=value, revision=0)

    save(CONVERSATION, "note", OTHERS_NOTE)
    save(CONVERSATION, "waiting_days", Decimal(OTHERS_NUMBER))
    save(CONVERSATION, "solved", "fully")
    last = side.others.assignment.conversation.messages.latest("position")
    save(("message", last.pk), "contains_pii", "yes")
    add_span(coding, actor_id=actor, message_id=message, start=0, end=3, quote="Bel", info_type="email")


def addresses() -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every address of the app; one without a name is an error in itself."""
    yield from _walk(get_resolver().url_patterns)


def _walk(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
        else:
            assert pattern.name, f"{pattern.pattern} has no name"
            yield pattern.name, pattern


def parameters(name: str) -> list[str]:
    """What the address needs, the study's slug included."""
    possibilities = get_resolver().reverse_dict.getlist(name)
    return list(possibilities[0][0][0][1])


def address_of(name: str, objects: dict[str, Any]) -> str:
    """The path of this address for these objects. KeyError when the world does not know a parameter."""
    kwargs = {key: objects[meaning(name, key)] for key in parameters(name)}
    return reverse(name, kwargs=kwargs)


def meaning(name: str, parameter: str) -> str:
    """`pk` is of the thing that the address is called after, organisation_remove: organisation."""
    return name.split("_")[0] if parameter in {"pk", "id"} else parameter.removesuffix("_id")
