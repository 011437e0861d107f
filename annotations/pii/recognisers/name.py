"""Names that the author gives: after "mijn naam is", "achternaam", "ik heet", "t.n.v.", or initials with a
surname.

Names in running text, greetings ("Hoi Karin") and the signatures of agents ("Groet, Ilse", ^MK) are not
found: rules cannot
tell them from other capitalised words.

>>> from annotations.pii.message import Message
>>> text = "Mijn naam is Jan de Vries. Achternaam: Jansen, groet Ilse"
>>> [text[f.start:f.end] for f in find(Message(text))]
['Jan de Vries', 'Jansen']
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.lexicon import words
from annotations.pii.message import Message

_PARTICLES = r"(?:van|de|der|den|het|'t|ten|ter|te|von|el|al|la|le|du|da|di|bin|ben|op|in|v\.?d\.?|vd|v\.)"
_CAPITAL = (
    r"(?:(?:Mc|Mac|O['’]|D['’]|d['’]|'t )?[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’]{1,20}+)"
    rf"(?:-(?:{_PARTICLES} ){{0,2}}[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{{1,20}}+)?"
)
_INITIALS = r"(?:[A-Z][a-z]?\.[ ]?){1,5}"
_NAME = (
    rf"(?:{_INITIALS}|"
    rf"{_CAPITAL} )?(?:{_PARTICLES} ){{0,3}}(?:{_CAPITAL})(?: (?:{_PARTICLES} ){{0,3}}{_CAPITAL}){{0,2}}|"
    rf"[A-Z]{{1,4}} (?:{_PARTICLES} ){{0,3}}{_CAPITAL}"
)
_CUE = re.compile(
    r"(?P<cue>\b(?i:mijn (?:volledige |echte )?naam(?: is|:)|naam en achternaam(?: is|:)?|"
    r"op naam van(?: dhr\.?| mevrouw| mevr\.?| meneer| de heer| fam\.?| familie)?|ten name van|"
    r"t\.?n\.?v\.?:?|"
    r"(?:volledige |achter|voor|meisjes|roep)?naam ?(?:is|=|:)|(?:achter|voor)naam|ik heet|"
    r"ik ben (?:dhr\.?|mevrouw|mevr\.?|meneer|de heer)|my (?:full |last |sur|first )?name(?: is|'s|:)|"
    r"(?:sur|last |first |full )?name ?(?:is|:|=)|surname|last name|staat op (?:de )?naam(?: van)?|dhr\.?|"
    r"mevr\b\.?|"
    r"de heer|mevrouw|mw\.|contractant(?::| is)) ?[\"']?(?=[A-Z'a-zÀ-Þ])"
    r"|\b(?i:naam|name|ik ben|met|i am|i'm|this is) (?=(?:van (?:de|den|der|het|'t)|ter|ten|el|"
    r"de) [A-Z][a-z]{2}|[A-Z][a-z]+ (?:(?:van|de|der|den|ten|ter|el|al|"
    r"v\.d\.) ){0,2}[A-Z][a-z]{2}))"
)
_FOUND = re.compile(_NAME)
_LOWER = re.compile(
    rf"(?:{_PARTICLES} ){{0,2}}[a-zà-ÿ][a-zà-ÿ'-]{{2,20}}"
    rf"(?: (?:{_PARTICLES} ){{0,3}}[a-zà-ÿ][a-zà-ÿ'-]{{2,20}})?"
)
_LISTED = re.compile(
    rf"(?<![\w.])(?:{_INITIALS}(?:{_PARTICLES} ){{0,3}}|"
    rf"[A-Z]{{1,3}} (?:{_PARTICLES} ){{1,3}}){_CAPITAL}(?:-{_CAPITAL})?"
)
_HINTS = (
    "naam",
    "name",
    "heet",
    "t.n.v",
    "tnv",
    "dhr",
    "mevr",
    "heer",
    "mw.",
    "contractant",
    "ik ben",
    "i am",
    "i'm",
)
_NO_NAME = frozenset(
    words(
        "haas has have had on premium user gone been niet geen fout onbekend verkeerd veranderd gewijzigd "
        "juist goed nog al ook wel en of "
        "maar de het een op in van bij bekend correct wrong not unknown the a an is and or but "
        "weet staat kan moet klant mijn dm via privé jullie je u uw postcode adres telefoonnummer "
        "geboortedatum geb klantnummer graag per email e-mail mail tel bsn klopt adresgegevens "
        "dat dit als voor met gewoon nodig gevraagd ik wij we iban onjuist helaas verplicht "
        "bedrijf huisnummer woonplaats nummer"
    )
)
_SMALL = frozenset(words("van de der den het ten ter te von el al la le du da di bin ben"))


def find(message: Message) -> Iterator[Finding]:
    if not any(map(message.low.__contains__, _HINTS)):
        return
    for cue in _CUE.finditer(message.text):
        name = _FOUND.match(message.text, cue.end())
        word = cue["cue"].strip(" :=").lower()
        if name:
            first = next(part for part in name.group().split() if part.lower() not in _SMALL)
            polite = word.strip(".") in ("dhr", "mevr", "mevrouw", "de heer", "mw")
            if first.lower() in _NO_NAME or (polite and message.author_role == "organisation"):
                continue
            yield Finding(cue.end(), name.end(), "name", "name", (("person", word),), check=1, context=2)
        elif "naam" in word or "heet" in word or re.search(r"name(?: is|'s| ?[:=]|:)", cue["cue"].lower()):
            lower = _LOWER.match(message.text, cue.end())
            if lower and not any(part in _NO_NAME for part in lower.group().split()):
                yield Finding(cue.end(), lower.end(), "name", "name", (("person", word),), context=2)


def find_listed(message: Message) -> Iterator[Finding]:
    """Initials with a surname, which count only among other personal data ("M. de Demo, Laan 3")."""
    for listed in _LISTED.finditer(message.text):
        yield Finding(listed.start(), listed.end(), "name", "name", (("initials",),), check=0.1)
