"""A small study with every module on, coded plausibly: what each of the five texts asks occurs in it.

Made with a fixed seed; two organisations, one coder. Nothing in it is meant to be a finding.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from annotations.codebooks.lookup import lookup
from annotations.codebooks.schema import VariableSpec
from annotations.codebooks.store import store_codebook
from annotations.codebooks.values import Missing
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.importing.store.recompute_facts import refresh_facts
from annotations.models import Account, Message, Study
from tests import factories

LIBRARY = factories.FILES.parents[1] / "annotations/codebooks/library/webcare_privacy.yaml"
KINDS = ("plain", "pressure", "outcry", "leak", "proactive")
TEXTS = {
    "plain": ("Bel mij op 06-00000011, klantnummer 4471902", "Verwijder je nummer en stuur een DM ^MK"),
    "pressure": ("Al 8 weken wacht ik op een belletje, straks zit ik bij #Radar", "Sorry, we bellen je ^NB"),
    "outcry": ("Die reclame van jullie is een schande, ik ben klant af", "We begrijpen de ophef ^MK"),
    "leak": ("Kan ik mijn wachtwoord terugkrijgen?", "Je inlog is kees_1944 met wachtwoord Welkom01 ^NB"),
    "proactive": ("Weer vertraging bij Zwaluwlijn, typisch", "Dag Kees, kunnen we helpen? ^MK"),
}
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "in_scope": {"in_scope": 1},
    "contains_pii": {"yes": 5, "no": 4},
    "removal_request": {"explicit": 3, "warning": 1, "none": 6},
    "response_present": {"yes": 8, "no": 1},
    "availability": {"visible": 5, "deleted": 3},
    "concession": {"public": 2, "private": 3, "customer_reveals": 1, "no": 6},
    "complaint_basis": {"justified": 5, "misunderstanding": 3, "exaggerated": 2, "unjustified": 2},
    "privacy_reaction": {"explicit": 2, "implicit": 2, "none": 6, "no_reply": 2},
    "satisfaction": {"negative": 4, "neutral": 3, "positive": 4, "no_reply": 1},
    "repair_accepted": {"accepted": 2, "rejected": 3, "no_reply": 1},
}
OF_KIND: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "message_intent": {"pressure": ("complaint",), "plain": ("question", "provides_data")},
    "escalation_level": {"outcry": ("thread", "spreading", "media"), "": ("none",)},
    "org_disclosure": {"leak": ("new", "repeats"), "": ("no",)},
    "intervention": {"proactive": ("proactive",), "": ("reactive",)},
    "addressivity": {"proactive": ("about", "not_mentioned"), "": ("directed", "tagged")},
}
"""What a variable is among conversations of a kind; "" for the others."""


def make_five_texts(conversations: int = 60, seed: int = 2019, **fields: Any) -> Study:
    version = store_codebook(LIBRARY.read_text(encoding="utf-8"))
    spec = lookup(version.pk).spec
    modules = [module.key for module in spec.modules]
    study = factories.make_study("five", codebook_version=version, modules=modules, **fields)
    second = study.organisations.create(name="Dienst Rijksheffingen", sector="government")
    study.organisations.exclude(pk=second.pk).update(
        sector="commercial",
        has_training=True,
        has_crisis_plan=False,
        measures={"has_training": {"on": "2026-05-01", "source": "jaarverslag"}},
    )
    webcare = Account.objects.create(
        study=study,
        key="rijksheffinghulp",
        handle="RijksheffingHulp",
        role="organisation",
        organisation=second,
    )
    coder = factories.make_member(study, "noor")
    draw, of_round, codings = random.Random(seed), factories.make_round(study), []
    for number in range(conversations):
        kind = KINDS[number % len(KINDS)]
        conversation = factories.make_conversation(study, *TEXTS[kind], "Dank je, het is opgelost")
        _place(conversation, number, webcare if number % 3 == 0 else None, draw)
        refresh_facts([conversation.pk])
        codings.append(_coding(spec, of_round, conversation, kind, coder, draw))
    store_imported(of_round, codings, actor_id=None)
    return study


def _place(conversation: Any, number: int, webcare: Any, draw: random.Random) -> None:
    """Its own consumer, day and time of answering, and perhaps the other organisation."""
    if webcare is not None:
        conversation.organisation = webcare.organisation
        conversation.messages.filter(position=1).update(account=webcare)
    start = factories.START + timedelta(days=3 * number, hours=draw.randint(0, 20))
    answered = start + timedelta(minutes=draw.choice((6, 20, 55, 130, 400, 1500)))
    conversation.started_at = start
    conversation.first_response_minutes = (answered - start).total_seconds() / 60
    conversation.save()
    consumer = Account.objects.create(
        study=conversation.study, key=f"kees{number}", handle=f"kees{number}", role="consumer"
    )
    followers = int(10 ** draw.uniform(0.3, 4))
    for message in conversation.messages.all():
        if message.position != 1:
            message.account, message.author_followers = consumer, followers
            message.author_created_at = start - timedelta(days=draw.choice((5, 20, 400, 2000)))
        message.created_at = start if message.position == 0 else answered
        message.save()


def _coding(
    spec: Any, of_round: Any, conversation: Any, kind: str, coder: Any, draw: random.Random
) -> ImportedCoding:
    messages = list(conversation.messages.select_related("account"))
    answers: dict[Any, dict[str, Any]] = {}
    below: dict[str, Any] = {}
    for message in messages:
        given = answers["message", message.pk] = _answers(spec, "message", kind, draw, message, below={})
        for key, value in given.items():
            if key not in below or isinstance(below[key], Missing):
                below[key] = value
    answers[CONVERSATION] = _answers(spec, "conversation", kind, draw, None, below)
    leaked = kind == "leak"
    place = messages[1] if leaked else messages[0]
    spans = []
    if kind in ("plain", "leak"):
        start = place.text.index("kees" if leaked else "06")
        of_type = {"info_type": "credentials" if leaked else "phone", "info_subject": "self"}
        spans.append(ImportedSpan(place.pk, start, start + 9, of_type))
    return ImportedCoding(factories.assign(conversation, coder), answers=answers, spans=spans)


def _answers(
    spec: Any, level: str, kind: str, draw: random.Random, message: Message | None, below: Mapping[str, Any]
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    role = message.author_role if message else "any"
    for variable in spec.variables:
        if variable.level != level:
            continue
        known = {**below, **given}
        asked = variable.applies_to in ("any", role) and all(
            _chosen(known.get(key)) & set(values) or (values == ("*",) and known.get(key) is not None)
            for key, values in variable.show_if.items()
        )
        given[variable.key] = _value(variable, kind, role, draw) if asked else Missing.NOT_APPLICABLE
    return given


def _chosen(value: Any) -> set[str]:
    return set(value) if isinstance(value, frozenset) else {str(value)}


def _value(variable: VariableSpec, kind: str, role: str, draw: random.Random) -> Any:
    if variable.key == "in_scope" and role == "organisation":
        return "organisation"
    if variable.kind == "number":
        return Decimal(draw.choice((60, 240, 1440, 10080, 80640)))
    if variable.kind == "text":
        return "–"
    if variable.kind == "multi":
        free = [category.key for category in variable.categories if not category.exclusive]
        return frozenset(draw.sample(free, min(len(free), draw.randint(1, 2))))
    keys = OF_KIND.get(variable.key, {})
    wanted = keys.get(kind) or keys.get("") or variable.values
    weights = WEIGHTS.get(variable.key, {})
    keys_left = [key for key in wanted if not weights or key in weights]
    return draw.choices(keys_left, [weights.get(key, 1) for key in keys_left])[0]
