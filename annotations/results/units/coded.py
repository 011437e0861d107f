"""Fields that coders gave, from final values, and what follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from stdnum.nl import bsn as citizen_number

from ...codebooks.conversion import from_plain
from ...codebooks.lookup import lookup
from ...codebooks.schema import CodebookSpec, VariableSpec
from ...codebooks.values import InvalidValue
from ...common.portions import portions
from ...finals.hidden import is_hidden, newly_conditioned
from ...finals.of_round import SpanValue
from ...finals.of_study import study_spans, study_values
from ...models import Message
from ..population import Outcome, Reason, outcome_of, study_types, without_value
from .columns import ABSENT, NOT_ASKED, add_multi, add_numbers, add_single, number, single
from .corpus import PORTION, Corpus
from .facts import YES_NO
from .frame import (
    ANY,
    CODE_OF,
    CONVERSATION,
    LARGEST,
    MESSAGE,
    MULTI,
    NUMBER,
    SINGLE,
    SPAN,
    VALID,
    Category,
    Field,
    Frame,
)
from .words import FIELDS, in_languages

Outcomes = dict[str, dict[int, Outcome]]
"""Variable -> place of the unit -> its outcome."""
DERIVED = "derived"
REMOVAL = "removal_request"


def add_coded(frame: Frame, corpus: Corpus) -> None:
    spec = lookup(corpus.study.codebook_version_id).spec
    variables = _variables(corpus, spec)
    outcomes = _outcomes(frame, corpus)
    spans, marked = _fragments(frame, corpus)
    for key, variable in variables.items():
        if variable.level == SPAN:
            _add(frame, variable, {at: given[key] for at, given in enumerate(spans) if key in given})
        else:
            _add(frame, variable, outcomes.get(key, {}))
    _derived(frame, corpus, outcomes, marked)


def _variables(corpus: Corpus, spec: CodebookSpec) -> dict[str, VariableSpec]:
    """Every variable that was asked, as the newest codebook that has it describes it."""
    found: dict[str, VariableSpec] = {}
    for round_ in corpus.rounds:
        found |= lookup(round_.codebook_version_id).spec.by_key
    found |= spec.by_key
    return {
        key: found[key]
        for key in [*spec.by_key, *found]
        if found[key].options or found[key].of_kind.takes_bounds
    }


def _outcomes(frame: Frame, corpus: Corpus) -> Outcomes:
    places = {
        level: {pk: at for at, pk in enumerate(frame.ids[level].tolist())}
        for level in (CONVERSATION, MESSAGE)
    }
    found: Outcomes = defaultdict(dict)
    target = corpus.study.codebook_version_id
    changed = {round_.pk: newly_conditioned(round_, target) for round_ in corpus.rounds}
    asked_then: list[tuple[str, int]] = []
    for final in study_values(corpus.rounds):
        assert not isinstance(final.value, tuple)
        level, pk = (
            (CONVERSATION, final.conversation_id) if final.message_id is None else (MESSAGE, final.message_id)
        )
        at = places[level].get(pk)
        if at is not None:
            variable = lookup(final.version_id).spec.by_key[final.variable]
            found[final.variable][at] = outcome_of(variable, final.value, final.source)
            if final.variable in changed[final.round_id]:
                asked_then.append((final.variable, at))
    spec = lookup(target).spec
    for key, at in asked_then:
        if is_hidden(spec, spec.by_key[key], lambda name, at=at: found.get(name, {}).get(at)):  # type: ignore[misc]
            found[key][at] = Reason.NOT_APPLICABLE
    return found


def _fragments(frame: Frame, corpus: Corpus) -> tuple[list[dict[str, Outcome]], dict[int, Any]]:
    """The final fragments as units of the frame: answers of each, and the kinds marked per message."""
    places = {pk: at for at, pk in enumerate(frame.ids[MESSAGE].tolist())}
    rows: list[tuple[int, SpanValue, Any]] = []
    marked: dict[int, frozenset[str] | Reason] = {}
    for final in study_spans(corpus.rounds):
        at = places.get(final.message_id or 0)
        if at is None:
            continue
        if not isinstance(final.value, tuple):
            marked[at] = without_value(final.source)
            continue
        marked[at] = frozenset(span.category for span in final.value)
        rows += [(at, span, lookup(final.version_id)) for span in final.value]
    rows.sort(key=lambda row: (row[0], row[1].start, row[1].end))
    frame.ids[SPAN] = np.array([frame.ids[MESSAGE][at] for at, _span, _version in rows], dtype=np.int64)
    frame.parents[SPAN] = {MESSAGE: np.array([at for at, _span, _version in rows], dtype=np.int64)}
    frame.places = np.array([(span.start, span.end) for _at, span, _version in rows], dtype=np.int64).reshape(
        -1, 2
    )
    return [_answers(span, version) for _at, span, version in rows], marked


def _answers(span: SpanValue, version: Any) -> dict[str, Outcome]:
    """Every answer about a fragment, its kind among them."""
    answers: dict[str, Outcome] = {}
    if version.type_variable:
        answers[version.type_variable.key] = span.category
    for key, value in span.answers:
        variable = version.spec.by_key.get(key)
        if variable is not None:
            try:
                answers[key] = outcome_of(variable, from_plain(variable, value))
            except (InvalidValue, ValueError):
                answers[key] = Reason.NOT_CODED
    return answers


def _add(frame: Frame, variable: VariableSpec, given: Mapping[int, Outcome]) -> None:
    """A field with what was coded; a unit without an answer was not asked."""
    size = frame.size(variable.level)
    reasons = np.full(size, ABSENT, dtype=np.int8)
    keys = [category.key for category in variable.options if not category.is_missing]
    known = set(keys)
    values: list[Any] = [None] * size
    for at, outcome in given.items():
        reason, value = _read(outcome, known, variable.kind)
        reasons[at], values[at] = reason, value
    labels = {category.key: dict(category.label) for category in variable.options}
    field = Field(
        variable.key,
        dict(variable.label),
        variable.level,
        NUMBER if variable.of_kind.takes_bounds else MULTI if variable.of_kind.takes_several else SINGLE,
        variable.module,
        tuple(Category(key, labels[key]) for key in keys[:60]),
        LARGEST if variable.of_kind.takes_bounds else ANY,
        is_coded=True,
        is_ordered=variable.scale in ("ordinal", "interval", "ratio"),
        unit=variable.unit,
    )
    if field.kind == NUMBER:
        add_numbers(frame, field, values, reasons=reasons)
    elif field.kind == MULTI:
        add_multi(frame, field, (value or () for value in values), reasons=reasons)
    else:
        add_single(frame, field, values, reasons=reasons)


def _read(outcome: Outcome, known: set[str], kind: str) -> tuple[int, Any]:
    if isinstance(outcome, Reason):
        return CODE_OF[outcome.value], None
    if kind == "number":
        return (VALID, float(outcome)) if isinstance(outcome, Decimal) else (NOT_ASKED, None)
    if isinstance(outcome, frozenset):
        return VALID, outcome & known
    return (VALID, str(outcome)) if str(outcome) in known else (NOT_ASKED, None)


def _derived(frame: Frame, corpus: Corpus, outcomes: Outcomes, marked: dict[int, Any]) -> None:
    contains = outcomes.get("contains_pii", {})
    role = frame.values("author_role", MESSAGE).chosen
    assert role is not None
    consumer = role[:, frame.fields["author_role"].index["consumer"]]
    kinds = _kinds(corpus, outcomes, marked, contains, consumer)
    _shared(frame, corpus, kinds)
    _removal(frame, outcomes, kinds)
    _shares(frame, contains, consumer)
    _asked(frame, outcomes)
    _citizen_numbers(frame, kinds)


def _kinds(
    corpus: Corpus,
    outcomes: Outcomes,
    marked: dict[int, Any],
    contains: dict[int, Outcome],
    consumer: np.ndarray,
) -> dict[int, frozenset[str] | Reason]:
    """Of consumers' messages with personal data: the kinds listed, else those marked."""
    counted = frozenset(study_types(corpus.study))
    listed = outcomes.get("info_types", {})
    found: dict[int, frozenset[str] | Reason] = {}
    for at, outcome in contains.items():
        if not consumer[at] or outcome == "no":
            continue
        if isinstance(outcome, Reason):
            found[at] = outcome
            continue
        given = listed.get(at)
        if given is Reason.UNRESOLVED or given is Reason.EARLIER_VERSION:
            found[at] = given
            continue
        types = given if isinstance(given, frozenset) and given else marked.get(at, frozenset())
        if isinstance(types, frozenset) and not types & counted:
            types = Reason.OTHER_KINDS if types else Reason.NO_KIND
        found[at] = types
    return found


def _shared(frame: Frame, corpus: Corpus, kinds: dict[int, frozenset[str] | Reason]) -> None:
    size = frame.size(MESSAGE)
    reasons, values, counts = np.full(size, ABSENT, np.int8), [frozenset[str]()] * size, [0.0] * size
    types = study_types(corpus.study)
    for at, given in kinds.items():
        reasons[at] = CODE_OF[given.value] if isinstance(given, Reason) else VALID
        if not isinstance(given, Reason):
            values[at] = given & types.keys()
            counts[at] = len(values[at])
    field = Field(
        "kinds_shared",
        in_languages(FIELDS["kinds_shared"]),
        MESSAGE,
        MULTI,
        DERIVED,
        tuple(Category(key, label) for key, label in types.items()),
        is_coded=True,
    )
    add_multi(frame, field, values, reasons=reasons)
    add_numbers(frame, number("n_info_types", MESSAGE, DERIVED, gather=LARGEST), counts, reasons=reasons)


def _removal(frame: Frame, outcomes: Outcomes, kinds: dict[int, frozenset[str] | Reason]) -> None:
    """Whether the organisation asked to remove; no answer is no request. And how long it stood in public."""
    size = frame.size(MESSAGE)
    given, answered = outcomes.get(REMOVAL, {}), outcomes.get("response_present", {})
    reasons, values = np.full(size, ABSENT, np.int8), ["no"] * size
    for at, types in kinds.items():
        if isinstance(types, Reason):
            reasons[at] = CODE_OF[types.value]
            continue
        asked = given.get(at, Reason.NOT_CODED)
        if isinstance(asked, Reason) and answered.get(at) == "no":
            asked = "none"
        reasons[at] = CODE_OF[asked.value] if isinstance(asked, Reason) else VALID
        values[at] = "yes" if asked in ("explicit", "yes") else "no"
    add_single(
        frame,
        single("removal_asked", MESSAGE, DERIVED, YES_NO, gather=ANY, is_coded=True),
        values,
        reasons=reasons,
    )
    waited = frame.columns["response_minutes"]
    known = np.where((reasons == VALID) & (waited["reasons"] != VALID), waited["reasons"], reasons)
    happened = waited["happened"] & np.array([value == "yes" for value in values], dtype=bool)
    # Without a request it stayed as long as was looked; that is the time without an answer.
    minutes = np.where(happened, waited["numbers"], waited["looked"])
    field = number("minutes_public", MESSAGE, DERIVED, is_time=True)
    add_numbers(frame, field, minutes.tolist(), reasons=known, happened=happened.tolist())


def _shares(frame: Frame, contains: dict[int, Outcome], consumer: np.ndarray) -> None:
    """Whether a consumer shares personal data in the conversation: one message is enough."""
    parents = frame.parents[MESSAGE][CONVERSATION]
    size = frame.size(CONVERSATION)
    reasons, values = np.full(size, ABSENT, np.int8), ["no"] * size
    for at, outcome in contains.items():
        if not consumer[at]:
            continue
        conversation = parents[at]
        if isinstance(outcome, Reason):
            if reasons[conversation] == ABSENT:
                reasons[conversation] = CODE_OF[outcome.value]
        elif outcome == "yes" or reasons[conversation] in (ABSENT, VALID):
            reasons[conversation] = VALID
            values[conversation] = "yes" if outcome == "yes" else values[conversation]
    add_single(frame, single("shares", CONVERSATION, DERIVED, YES_NO, is_coded=True), values, reasons=reasons)


def _asked(frame: Frame, outcomes: Outcomes) -> None:
    """How many data an organisation's message asks; of a conversation the most in one message."""
    size = frame.size(MESSAGE)
    reasons, counts = np.full(size, ABSENT, np.int8), [0.0] * size
    listed, asks = outcomes.get("data_requested_types", {}), outcomes.get("data_requested", {})
    for at in {*listed, *asks}:
        given = listed.get(at, Reason.NOT_CODED)
        if isinstance(given, Reason) and asks.get(at) == "no":
            given = frozenset()
        reasons[at] = CODE_OF[given.value] if isinstance(given, Reason) else VALID
        counts[at] = len(given) if isinstance(given, frozenset) else 0
    add_numbers(frame, number("n_data_requested", MESSAGE, DERIVED, gather=LARGEST), counts, reasons=reasons)
    classes = ["3+" if count >= 3 else str(int(count)) for count in counts]
    field = single(
        "data_asked", MESSAGE, DERIVED, ("0", "1", "2", "3+"), gather=LARGEST, is_ordered=True, is_coded=True
    )
    add_single(frame, field, classes, reasons=reasons)


def _citizen_numbers(frame: Frame, kinds: dict[int, frozenset[str] | Reason]) -> None:
    """A BSN itself, or one that an assessment number of a private person begins with."""
    holding = _assessments_with_bsn(frame)
    size = frame.size(MESSAGE)
    reasons, values = np.full(size, ABSENT, np.int8), ["none"] * size
    for at, given in kinds.items():
        reasons[at] = CODE_OF[given.value] if isinstance(given, Reason) else VALID
        if isinstance(given, Reason):
            continue
        values[at] = "literal" if "bsn" in given else "embedded" if at in holding else "none"
    keys = ("literal", "embedded", "none")
    add_single(
        frame, single("bsn", MESSAGE, DERIVED, keys, gather=ANY, is_coded=True), values, reasons=reasons
    )


def _assessments_with_bsn(frame: Frame) -> set[int]:
    """Places of messages with a marked assessment number whose first nine digits pass the eleven test."""
    if "info_type" not in frame.fields or not frame.size(SPAN):
        return set()
    at = frame.fields["info_type"].index.get("assessment_decision", -1)
    places = np.flatnonzero(frame.columns["info_type"]["codes"] == at).tolist() if at >= 0 else []
    asked = {int(frame.ids[SPAN][place]) for place in places}
    texts: dict[int, str] = {}
    for some in portions(asked, PORTION):
        texts |= dict(Message.objects.filter(pk__in=some).values_list("pk", "text"))
    found = set()
    for place in places:
        start, end = frame.places[place]
        digits = "".join(sign for sign in texts[int(frame.ids[SPAN][place])][start:end] if sign.isdigit())
        if citizen_number.is_valid(digits[:9]):
            found.add(int(frame.parents[SPAN][MESSAGE][place]))
    return found
