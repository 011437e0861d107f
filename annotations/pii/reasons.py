"""The reason of a candidate: stored as keys with parameters, shown as a short sentence in Dutch or English.

A clause is a tuple of a key and its parameters, so a stored reason can be shown in any language:

>>> sentence((("digits", 9), ("passed", "eleven"), ("before", "bsn")))
"9 cijfers, elfproef klopt, 'bsn' ervoor"
>>> sentence((("digits", 9), ("failed", "eleven"), ("after", "bsn")), "en")
"9 digits, fails the eleven test, 'bsn' after it"

A reason never repeats the value itself: it may be shown, stored and logged where the text may not.
"""

from __future__ import annotations

from collections.abc import Iterable

Clause = tuple[str | int, ...]

_CHECKS = {
    "eleven": ("elfproef", "the eleven test"),
    "mod97": ("controlegetal (mod 97)", "the check number (mod 97)"),
    "luhn": ("controlecijfer (Luhn)", "the check digit (Luhn)"),
    "gs1": ("controlecijfer (GS1)", "the check digit (GS1)"),
    "payment": ("controlecijfer van het betalingskenmerk", "the payment reference's check digit"),
    "numbering_plan": ("nummerplan", "the numbering plan"),
    "tail": ("opbouw van het aanslagnummer", "the layout of an assessment number"),
    "sidecode": ("kentekenvorm", "the licence plate layout"),
    "postcode": ("vorm van een postcode", "the form of a postcode"),
    "email": ("vorm van een e-mailadres", "the form of an e-mail address"),
    "document": ("vorm van een documentnummer", "the form of a document number"),
    "date": ("datum bestaat", "is a real date"),
}

_SENTENCES = {
    "digits": ("{0} cijfers", "{0} digits"),
    "before": ("'{0}' ervoor", "'{0}' before it"),
    "after": ("'{0}' erachter", "'{0}' after it"),
    "amount": ("bedrag", "an amount"),
    "rule": ("regel van de studie: vorm na '{0}'", "a rule of the study: shape after '{0}'"),
    "other_person": ("van iemand anders ('{0}')", "somebody else's ('{0}')"),
    "chance": ("kans {0} %", "chance {0} %"),
    "street": ("straat met huisnummer", "street and house number"),
    "postcode_house": ("postcode met huisnummer", "postcode and house number"),
    "postcode": ("postcode", "a postcode"),
    "spelled_mail": ("e-mailadres in woorden", "an e-mail address spelled out"),
    "mobile": ("vorm van een mobiel nummer", "form of a mobile number"),
    "foreign": ("buitenlands nummer", "a foreign number"),
    "iban_form": ("vorm van een IBAN", "form of an IBAN"),
    "account": ("bankrekening zonder IBAN", "a bank account without IBAN"),
    "last_digits": ("alleen de laatste cijfers", "only the last digits"),
    "masked": ("deels afgeschermd", "partly masked"),
    "code": ("cijfers en letters", "digits and letters"),
    "parcel": ("vorm van een zendingcode", "form of a parcel code"),
    "person": ("naam na '{0}'", "a name after '{0}'"),
    "given": ("voornaam met achternaam bij andere gegevens", "given name and surname among other data"),
    "initials": ("voorletters met achternaam bij andere gegevens", "initials and surname among other data"),
    "date": ("datum", "a date"),
    "among": ("tussen andere persoonsgegevens", "among other personal data"),
    "secret": ("waarde na '{0}'", "a value after '{0}'"),
    "embedded_bsn": ("begint met een BSN", "starts with a citizen service number"),
    "rewritten": (
        "anders geschreven (letters of woorden voor cijfers)",
        "written with letters or words for digits",
    ),
}


def _clause(clause: Clause, index: int) -> str:
    key, *parameters = clause
    if key in ("passed", "failed"):
        check = _CHECKS[str(parameters[0])][index]
        if index:
            return f"{'passes' if key == 'passed' else 'fails'} {check}"
        return f"{check} {'klopt' if key == 'passed' else 'klopt niet'}"
    return _SENTENCES[str(key)][index].format(*parameters)


def sentence(clauses: Iterable[Clause], language: str = "nl") -> str:
    """The clauses as one sentence; any language but "nl" gives English."""
    index = 0 if language.startswith("nl") else 1
    return ", ".join(_clause(clause, index) for clause in clauses)
