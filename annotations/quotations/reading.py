"""Quotations as a page or a file shows them: masked message, paraphrase, and what can be recognised in it.

Reads only, and with the same number of queries for any page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..common.masking import mask, mentions_and_links
from ..importing.facts.context import signature_of
from ..importing.store.study_rules import rules_of
from ..models import Account, Candidate, ConsensusSpan, Message, Quotation, Span, Study
from ..models.corpus import AuthorRole
from .traces import DATUM, HANDLE, NAME, WORDS, Source, Trace, is_fit, traces

Place = tuple[int, int]
SAID_OF = {
    WORDS: _("six or more words in a row are those of the message"),
    NAME: _("a name of somebody in the conversation"),
    HANDLE: _("an account or a link"),
    DATUM: _("personal data"),
}
MAY_QUOTE = frozenset({Quotation.Status.CONSENT, Quotation.Status.PUBLIC})
"""With these a message may be quoted in its own words; names and personal data stay out all the same."""


@dataclass(frozen=True)
class Original:
    """A message with its personal data, other accounts and links hidden. `source`: to compare with."""

    message: Message
    masked: str
    source: Source

    @property
    def is_gone(self) -> bool:
        return not self.message.text


@dataclass(frozen=True)
class Piece:
    """A stretch of a paraphrase; `why`: what is the matter with it, empty where nothing is."""

    text: str
    why: str = ""


@dataclass(frozen=True)
class Shown:
    quotation: Quotation
    original: Original
    variable: str
    category: str
    pieces: list[Piece]
    warnings: list[str]
    is_fit: bool


def originals(study: Study, messages: Collection[int]) -> dict[int, Original]:
    """Message id -> the message as the bank shows it. Of another study's nothing."""
    rows = Message.objects.filter(study=study).select_related("conversation__organisation", "account")
    found = rows.in_bulk(set(messages))
    places: dict[int, list[Place]] = defaultdict(list)
    for pairs in (
        Candidate.objects.filter(message__in=found, version=study.detector_version).values_list(
            "message_id", "start", "end"
        ),
        Span.objects.filter(message__in=found).values_list("message_id", "start", "end"),
        ConsensusSpan.objects.filter(consensus__message__in=found).values_list(
            "consensus__message_id", "start", "end"
        ),
    ):
        for pk, start, end in pairs:
            places[pk].append((start, end))
    public = frozenset(handle.lower() for handle in study.handles.values_list("handle", flat=True))
    people = _people(found.values(), public)
    return {pk: _original(message, places[pk], people, public) for pk, message in found.items()}


def _original(
    message: Message, places: list[Place], people: dict[int, list[Account]], public: frozenset[str]
) -> Original:
    text, others = message.text, people.get(message.conversation_id, [])
    signed = signature_of(text) if message.author_role == AuthorRole.ORGANISATION else None
    source = Source(
        text,
        tuple(text[start:end] for start, end in places),
        (
            *(account.display_name for account in others if account.display_name),
            *([signed] if signed else ()),
        ),
        tuple(account.handle for account in others if account.handle),
        public,
    )
    return Original(message, mask(text, [*places, *mentions_and_links(text, keep_handles=public)]), source)


def _people(messages: Collection[Message], public: frozenset[str]) -> dict[int, list[Account]]:
    """Conversation id -> the accounts in it that the study does not list."""
    pairs = (
        Message.objects.filter(
            conversation__in={each.conversation_id for each in messages}, account__isnull=False
        )
        .order_by()
        .values_list("conversation_id", "account_id")
        .distinct()
    )
    accounts = Account.objects.in_bulk({account for _conversation, account in pairs})
    found: dict[int, list[Account]] = defaultdict(list)
    for conversation, account in pairs:
        if accounts[account].handle.lower() not in public:
            found[conversation].append(accounts[account])
    return found


def found_traces(study: Study, original: Original, paraphrase: str) -> list[Trace]:
    return traces(original.source, paraphrase, rules_of(study, study.detector_version))


def shown(study: Study, quotations: Sequence[Quotation], language: str) -> list[Shown]:
    sources = originals(study, {each.message_id for each in quotations})
    rules = rules_of(study, study.detector_version)
    variables = lookup(study.codebook_version_id).spec.by_key
    rows = []
    for each in quotations:
        original = sources[each.message_id]
        marked = traces(original.source, each.paraphrase, rules)
        kinds = {trace.kind for trace in marked} | (set(each.remains) if original.is_gone else set())
        variable, category = labels_of(variables, each.variable, each.category, language)
        rows.append(
            Shown(
                each,
                original,
                variable,
                category,
                pieces_of(each.paraphrase, marked),
                [str(SAID_OF[kind]) for kind in SAID_OF if kind in kinds],
                is_fit(kinds, may_quote=each.status in MAY_QUOTE),
            )
        )
    return rows


def pieces_of(paraphrase: str, marked: Sequence[Trace]) -> list[Piece]:
    """The paraphrase cut where something can be recognised."""
    cuts = sorted({0, len(paraphrase), *(at for trace in marked for at in (trace.start, trace.end))})
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        kinds = {trace.kind for trace in marked if trace.start <= start and end <= trace.end}
        why = ", ".join(str(SAID_OF[kind]) for kind in SAID_OF if kind in kinds)
        if pieces and pieces[-1].why == why:
            pieces[-1] = Piece(pieces[-1].text + paraphrase[start:end], why)
        else:
            pieces.append(Piece(paraphrase[start:end], why))
    return pieces


def labels_of(
    variables: dict[str, VariableSpec], variable: str, category: str, language: str
) -> tuple[str, str]:
    """Of a variable or category that the codebook no longer has: its key."""
    spec = variables.get(variable)
    if spec is None:
        return variable, category
    chosen = spec.by_key.get(category)
    return in_language(spec.label, language), in_language(chosen.label, language) if chosen else category


@dataclass(frozen=True)
class Choice:
    """`value`: variable and category, as a form and an address write them."""

    value: str
    label: str
    count: int = 0


def choices_of(study: Study, language: str, first: str = "") -> list[tuple[str, list[Choice]]]:
    """Every category of the codebook that can be quoted for, per variable; the variable `first` leads."""
    variables = lookup(study.codebook_version_id).spec.variables
    asked = [each for each in variables if each.options]
    asked.sort(key=lambda variable: variable.key != first)
    return [
        (
            in_language(variable.label, language),
            [
                Choice(f"{variable.key}:{category.key}", in_language(category.label, language))
                for category in variable.options
                if not category.is_missing
            ],
        )
        for variable in asked
    ]


def categories_used(study: Study, language: str) -> list[Choice]:
    """The categories for which there are quotations, with how many."""
    used = Counter(Quotation.objects.filter(study=study).order_by().values_list("variable", "category"))
    variables = lookup(study.codebook_version_id).spec.by_key
    return [
        Choice(f"{variable}:{category}", " · ".join(labels_of(variables, variable, category, language)), n)
        for (variable, category), n in sorted(used.items())
    ]
