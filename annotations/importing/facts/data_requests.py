"""Whether an organisation's message asks for personal data: which kinds, and by what channel. Pure.

A suggestion for the coder, with its evidence, never a code. A sentence counts when it asks (a verb of asking
or giving, or a question) and names a kind of data; a warning not to send data is no request. Kinds and
channels are the categories of the codebook's `data_requested_types` and `data_requested`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class _Pattern:
    """`hints`: lower-case strings without one of which the (slower) expression cannot match."""

    hints: tuple[str, ...]
    expression: re.Pattern[str]

    def may_match(self, lowered: str) -> bool:
        return any(hint in lowered for hint in self.hints)


def _pattern(hints: str, *alternatives: str) -> _Pattern:
    """Hints are separated by spaces, `_` stands for one."""
    words = tuple(hint.replace("_", " ") for hint in hints.split())
    return _Pattern(words, re.compile("|".join(alternatives), re.IGNORECASE))


_NUMBER_OF = (
    "klant order bestel factuur relatie contract debiteur boekings? reserverings dossier zaak meldings polis"
)
_REFERENCE_OF = (
    "order customer account invoice reference tracking case confirmation booking serial membership"
)

KINDS: dict[str, _Pattern] = {
    "email": _pattern(
        "mail",
        r"\be-?mail ?adres(?:sen)?\b|\bmailadres\b",
        r"\be-?mail ?address\b|\b(?:je|uw|your) e-?mail\b",
    ),
    "phone": _pattern(
        "nummer nr number ph# phone# phone_no telefoon mobile# cell# phone",
        r"\b(?:mobiele? |telefoon|mobiel|tel\.? ?|06[- ]?)(?:nummer|nr\b)",
        r"\b(?:phone|mobile|cell|contact) ?(?:number|no\b|nr\b|#)",
        r"\bph#|\b(?:your|je) (?:phone|telefoon)\b",
    ),
    "iban": _pattern(
        "iban rekeningnummer bank_account sort_code",
        r"\biban\b|\b(?:bank)?rekeningnummer\b|\bbank account\b|\bsort code\b",
    ),
    "customer_order_invoice": _pattern(
        "nummer nr code trace number # id ref pnr imei barcode _no",
        rf"\b(?:{'|'.join(_NUMBER_OF.split())}|referentie|abonnement)-? ?(?:nummer|nr\b|code\b)",
        rf"\b(?:{'|'.join(_REFERENCE_OF.split())}) ?(?:number|no\b|nr\b|#|id\b|code\b|ref(?:erence)?\b)",
        r"\btrack ?(?:&(?:amp;)?|and|en|n)? ?trace\b|\bbarcode\b|\bimei\b|\bpnr\b",
    ),
    "assessment_decision": _pattern(
        "aanslag beschikking assessment",
        r"\b(?:aanslag|beschikkings?)-? ?(?:nummer|nr\b)|\bassessment number\b",
    ),
    "income": _pattern(
        "inkomen salar income", r"\b(?:jaar|maand)?inkomen\b|\bsalaris\b|\bincome\b|\bsalary\b"
    ),
    "debt": _pattern(
        "schuld achterstand debt arrears",
        r"\bschuld(?:en)?\b|\bbetalingsachterstand\b|\bdebts?\b|\barrears\b",
    ),
    "bsn": _pattern(
        "bsn burgerservice sofi security ssn",
        r"\bbsn\b|\bburgerservicenummer\b|\bsofi-?nummer\b|\bsocial security\b|\bssn\b",
    ),
    "birth_date": _pattern(
        "geb birth dob d.o.b",
        r"\bgeb(?:oorte|\.)? ?datum\b|\bdate of birth\b|\bbirth ?date\b|\bd\.?o\.?b\b\.?",
    ),
    "id_document": _pattern(
        "paspoort identiteits rijbewijs bewijs legitimatie passport licen photo_id",
        r"\bpaspoort\w*|\bidentiteits(?:kaart|bewijs)\b|\brijbewijs\w*|\bid-?bewijs\b",
        r"\blegitimatie(?:bewijs)?\b|\bpassport\b|\bdriver'?s licen[cs]e\b|\bphoto id\b",
    ),
    "address": _pattern(
        "adres address huisnummer house_number woonplaats",
        r"(?<!mail)(?<!mail )\badres(?:gegevens)?\b|(?<!mail )\b(?<!mail)address\b",
        r"\bhuisnummer\b|\bhouse number\b|\bwoonplaats\b",
    ),
    "postcode_only": _pattern(
        "postcode post_code postal zip", r"\bpost ?code\b|\bzip ?code\b|\bpostal code\b"
    ),
    "name": _pattern(
        "naam name namen voorletter",
        r"\b(?:achter|voor)?naam\b|\b(?:achter|voor)namen\b|\bvoorletters?\b",
        r"\b(?:full|last|first|sur) ?name\b|\byour name\b|\bname ?(?:&|and|,)",
    ),
    "other": _pattern(
        "kenteken gebruikersnaam user meternummer gegevens details info",
        r"\bkenteken\b|\bgebruikersnaam\b|\buser ?name\b|\bmeternummer\b",
        r"\b(?:je|jouw|uw|your) (?:\w+ ){0,2}?(?:gegevens|details|informatie|information|info)\b",
    ),
}
ASKS = re.compile(
    r"\b(?:stuur|sturen|zend|zenden|geef|geven|doorgeven|door ?te geven|meld|vermeld|deel|delen|noem|mail|dm"
    r"|pb|laat|mag (?:ik|ik even)|mogen (?:we|wij)|kun|kan|kunt|wil|wilt|zou|graag|ontvangen|nodig"
    r"|wat (?:is|zijn)|vul|send|sending|give|provide|share|confirm|reply with|include"
    r"|what(?:'s|’s| is| are)|may (?:we|i)"
    r"|can (?:you|we|i)|could (?:you|we|i)|would you|please|pls|plz|let us know|need|have your|get your"
    r"|message us)\b",
    re.IGNORECASE,
)
WARNS = re.compile(
    r"\b(?:nooit|geen|niet|never|don'?t|don’t|do not|zonder|without|not to|verwijder|delete|remove)\b",
    re.IGNORECASE,
)
PRIVATE = _pattern(
    "dm priv pb direct pm inbox",
    r"\bdm(?:'?en|'?n|’en|'?s|'t|etje)?\b|\bpriv[ée] ?-?(?:bericht|chat|gesprek)\w*|\bpb\b|\bpm\b",
    r"\bdirecte? (?:message|bericht)\w*|\bprivate(?:ly)? (?:message|note|chat)\b|\bprivately\b",
    r"\bin priv[ée]\b|\binbox\b",
)
OTHER_CHANNEL = _pattern(
    "form bel mail call whats telefonisch chat",
    r"\b(?:contact)?formulier\b|\bform\b|\bbel (?:ons|dan|even|met)\b|\bmail (?:ons|dan|naar)\b",
    r"\be-?mail (?:ons|us|naar)\b|\bcall us\b|\bgive us a call\b|\bwhats ?app\b|\btelefonisch\b",
    r"\b(?:live ?)?chat\b",
)
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.](?=\S))+(?:[.!?\n]+|$)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of data or a channel, and where the text shows it (code points)."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DataRequest:
    """What a message seems to ask. `channel` is `dm`, `other` or `none` (asked, no channel named)."""

    kinds: tuple[Evidence, ...]
    channel: str
    channel_evidence: tuple[Evidence, ...]

    @property
    def count(self) -> int:
        return len({evidence.kind for evidence in self.kinds})

    @property
    def suggestion(self) -> str:
        """The category of the variable `data_requested`."""
        if not self.kinds:
            return "no"
        return {"dm": "yes_dm", "other": "yes_other", "none": "yes_no_channel"}[self.channel]

    @property
    def order(self) -> str:
        """How asking relates to going private: the category of the variable on private channel first."""
        if self.kinds:
            return "ask_in_public_for_dm" if self.channel == "dm" else "ask_in_public"
        return "private_then_ask" if self.channel == "dm" else "no_request"


NO_REQUEST = DataRequest((), "none", ())


@lru_cache(maxsize=1024)  # the same message is asked about more than once, by several facts
def find_data_request(text: str) -> DataRequest:
    """What an organisation's message asks for; every kind once, where it is first asked for."""
    found: dict[str, Evidence] = {}
    lowered = text.lower()
    private = _channel(PRIVATE, "dm", text, lowered)
    other = _channel(OTHER_CHANNEL, "other", text, lowered)
    possible = [(kind, pattern.expression) for kind, pattern in KINDS.items() if pattern.may_match(lowered)]
    for sentence in _SENTENCE.finditer(text) if possible else ():
        start, end = sentence.span()
        if not ASKS.search(text, start, end) or WARNS.search(text, start, end):
            continue
        for kind, expression in possible:
            if kind not in found and (match := expression.search(text, start, end)):
                found[kind] = Evidence(kind, match.start(), match.end())
    if "address" in found:
        found.pop("postcode_only", None)  # a postcode with a house number is an address
    if not (found or private or other):
        return NO_REQUEST
    channel = "dm" if private else "other" if other else "none"
    evidence = tuple(private or other)
    return DataRequest(tuple(sorted(found.values(), key=lambda evidence: evidence.start)), channel, evidence)


def _channel(pattern: _Pattern, kind: str, text: str, lowered: str) -> list[Evidence]:
    if not pattern.may_match(lowered):
        return []
    return [Evidence(kind, match.start(), match.end()) for match in pattern.expression.finditer(text)]
