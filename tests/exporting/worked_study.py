"""A small study of which every cell of an export is known: two coders, three rounds, a decision, a reply."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from annotations.adjudication.resolve import settle
from annotations.adjudication.units import Ruling, find_unit
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import (
    ImportedCoding,
    ImportedKept,
    ImportedSpan,
    store_imported,
    store_imported_kept,
)
from annotations.finals.settled import SpanValue
from annotations.models import Account, Coding, Message, Organisation, Round, Study
from annotations.quotations.store import add_quotation
from tests.coding.contradicting import CONSISTENCY
from tests.factories import (
    SMALL_CODEBOOK,
    START,
    assign,
    make_candidate,
    make_conversation,
    make_member,
    make_round,
    make_study,
)

WHEN = datetime(2024, 3, 1, 10, 0, tzinfo=UTC)
CHANNELS = frozenset({"dm", "mail"})


def worked_study() -> Study:
    study = make_study(
        "proef",
        codebook=SMALL_CODEBOOK + CONSISTENCY,
        modules=["core", "extra"],
        detector_version="1",
        language="en",
        name="Proef",
    )
    Organisation.objects.filter(study=study).update(
        sector="commercial",
        account_purpose="webcare",
        biography="Wij helpen, 24 uur",
        observed_on=date(2024, 2, 3),
        bio_dm_possible=True,
        monitoring_24h=False,
        has_training=True,
        impossible_types=["bsn", "iban"],
        measures={"has_training": {"on": "2024-02-01", "source": "jaarverslag"}},
    )
    noor, daan = make_member(study, "noor", pseudonym="C2"), make_member(study, "daan", pseudonym="C1")
    make_member(study, "idle", pseudonym="C3")
    chief = make_member(study, "chief", "supervisor", pseudonym="S1")
    first = make_conversation(study, "Bel 06-00000011 of @piet_demo", "Stuur een DM @kees_demo ^MK", "")
    second = make_conversation(study, "Mail jan@example.org", "@anders Nee")
    for number, conversation in enumerate((first, second), 1):
        conversation.key = f"talk-{number}"
        conversation.save()
        for message in conversation.messages.all():
            message.external_id = f"{number}{message.position:02d}"
            message.permalink = f"https://example.org/{message.external_id}"
            message.save()
    second.organisation = None
    second.save()
    ask, reply, _gone = first.messages.order_by("position")
    Message.objects.filter(pk=ask.pk).update(
        author_followers=120, author_posts=7, author_created_at=START - timedelta(days=40)
    )
    Account.objects.filter(study=study, key="kees_demo").update(handle="Kees_Demo")
    mail, answer = second.messages.order_by("position")
    make_candidate(ask, "06-00000011", "phone")
    make_candidate(ask, "Bel", "name", version="0")

    practice = make_round(study, "practice", kind=Round.Kind.TRAINING)
    main = make_round(study, "main")
    later = make_round(study, "later", kind=Round.Kind.DRIFT)

    def coding(conversation, coder, round_name, answers, spans=(), **fields):
        assignment = assign(conversation, coder, round_name)
        return ImportedCoding(assignment, answers, spans, finished_at=WHEN, **fields)

    store_imported(
        practice,
        [coding(first, daan, "practice", {("message", ask.pk): {"contains_pii": "no"}})],
        actor_id=None,
    )
    phone, bsn = {"info_type": "phone"}, {"info_type": "bsn"}
    of_ask = {"contains_pii": "yes", "channels": CHANNELS, "removal_request": "no"}
    [by_noor, by_daan, _alone] = store_imported(
        main,
        [
            coding(
                first,
                noor,
                "main",
                {
                    ("message", ask.pk): of_ask,
                    ("message", reply.pk): {"contains_pii": "no"},
                    CONVERSATION: {"solved": "partly", "waiting_days": 3, "note": "=1+1"},
                },
                [
                    ImportedSpan(ask.pk, 4, 15, phone, "accepted", {"info_type": "confirmed"}),
                    ImportedSpan(ask.pk, 0, 3, bsn),
                ],
                active_seconds=61,
                origins={("message", ask.pk): {"contains_pii": "confirmed", "channels": "changed"}},
            ),
            coding(
                first,
                daan,
                "main",
                {
                    ("message", ask.pk): of_ask | {"channels": frozenset({"none"})},
                    ("message", reply.pk): {"contains_pii": Missing.NOT_CODED},
                    CONVERSATION: {"solved": "fully", "waiting_days": Missing.UNDETERMINED},
                },
                [ImportedSpan(ask.pk, 4, 15, phone)],
                active_seconds=30,
            ),
            coding(second, noor, "main", {("message", mail.pk): {"contains_pii": "yes"}}),
        ],
        actor_id=None,
    )
    store_imported(
        later,
        [coding(second, daan, "later", {("message", answer.pk): {"contains_pii": "no"}})],
        actor_id=None,
    )
    assign(second, daan, "main")
    Coding.objects.create(assignment=assign(first, chief, "later"))
    store_imported_kept(
        study,
        [ImportedKept(by_noor, "marked_but_no", ask.pk, WHEN), ImportedKept(by_daan, "of_all", None, WHEN)],
        actor_id=None,
    )
    settle(
        find_unit(main, "solved", first.pk, None),
        Ruling("fully", reason="Er is gebeld.", is_settled_case=True),
        revision=0,
        actor_id=chief.pk,
    )
    settle(
        find_unit(main, "info_type", first.pk, ask.pk),
        Ruling((SpanValue(4, 15, "phone"), SpanValue(19, 29, "email")), reason="Twee."),
        revision=0,
        actor_id=chief.pk,
    )
    add_quotation(
        study.pk,
        ask.pk,
        category="contains_pii:yes",
        paraphrase="Een klant geeft een nummer",
        status="paraphrase",
        actor_id=None,
    )
    return study
