"""What a file of codings has more than, or otherwise than, what is stored."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from ...codebooks.values import Value
from ...coding.answers import UnitKey, load_state
from ...coding.save import Addition, ImportedSpan
from ...models import Coding, Decision, Round
from .checking import Work


def codings_there(round_: Round) -> QuerySet[Coding]:
    """Of a round that may be still to be made. `is_decided`: whether anything of the conversation is."""
    decided = Decision.objects.filter(consensus__conversation_id=OuterRef("assignment__conversation_id"))
    rows = Coding.objects.filter(assignment__round_id=round_.pk, assignment__released_at=None)
    rows = rows if round_.pk else Coding.objects.none()
    return rows.select_related("assignment__round", "assignment__conversation", "frozen").annotate(
        is_decided=Exists(decided)
    )


def difference(coding: Coding, item: Work) -> tuple[Addition | None, str]:
    """What the file adds to the coding, or the sentence that says why it cannot be read.

    An answer and a fragment that the file does not name stay as they are. Of a question with several answers
    the file may name more than are stored.
    """
    state = load_state(coding)
    answers: dict[UnitKey, dict[str, Value]] = {}
    otherwise: list[str] = []
    for unit, values in item.answers.items():
        stored = state.values(unit)
        more = {key: value for key, value in values.items() if stored.get(key) != value}
        otherwise += [
            key for key, value in more.items() if key in stored and not _has_more(value, stored[key])
        ]
        if more:
            answers[unit] = more
    there = [
        ((span.message_id, span.start, span.end), state.values(("span", pk)))
        for pk, span in state.spans.items()
    ]
    spans: list[ImportedSpan] = []
    for span in item.spans:
        place = (span.message_id, span.start, span.end)
        same = [found for found in there if found[0] == place and span.answers.items() <= found[1].items()]
        if same:
            there.remove(same[0])
        else:
            spans.append(span)
    places = {place for place, _values in there}
    changed = [span for span in spans if (span.message_id, span.start, span.end) in places]
    otherwise += [key for span in changed for key in span.answers]
    if not answers and not spans:
        return None, ""
    facts = {
        "coder": item.first["coder"],
        "key": coding.assignment.conversation.key,
        "round": coding.assignment.round.name,
    }
    if otherwise:
        facts["variables"] = ", ".join(dict.fromkeys(otherwise))
        sentence = _(
            "%(coder)s already coded conversation %(key)s otherwise in round %(round)s (%(variables)s); "
            "nothing is overwritten, name another round"
        )
        return None, sentence % facts
    if coding.state != Coding.State.FINISHED:
        sentence = _(
            "%(coder)s is coding conversation %(key)s of round %(round)s here; nothing can be added until "
            "it is finished"
        )
        return None, sentence % facts
    if getattr(coding, "is_decided", False) or hasattr(coding, "frozen"):
        sentence = _(
            "conversation %(key)s was decided on; what %(coder)s gave cannot be added to "
            "any more; name another round"
        )
        return None, sentence % facts
    return Addition(coding, answers, spans, item.origins), ""


def _has_more(value: Value, stored: Value) -> bool:
    """Whether one set of answers holds all of the other, which is not empty."""
    return isinstance(value, frozenset) and isinstance(stored, frozenset) and bool(stored) and value > stored
