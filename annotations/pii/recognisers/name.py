"""Names of persons, where the sentence introduces one.

A capitalised word is not a name; a sentence says that one follows. Five ways to say so:

- a field: "mijn naam is", "op naam van", "t.n.v.", "account holder", "passenger";
- a relative or neighbour: "mijn moeder Truus Hendriksen", "my husband Derek Holloway";
- a form of address: "de heer", "mevrouw", "Mrs";
- a consumer's signature: "Met vriendelijke groet, Ans Verhoeven" (of a consumer, or with a surname);
- an introduction: "ik ben Kees Bakker", "u spreekt met", "Hi, Marta Nowak here", "this is".

Greetings ("Hoi Karin"), agents' signatures ("Groet, Ilse", ^MK), public figures and organisations are left
out. Initials with a surname count among other personal data only.

>>> from annotations.pii.message import Message
>>> text = "Mijn naam is Jan de Vries, mijn moeder Truus Bos. Achternaam: Jansen, groet Ilse"
>>> [text[f.start:f.end] for f in find(Message(text))]
['Jan de Vries', 'Truus Bos', 'Jansen']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from annotations.pii.candidate import Finding
from annotations.pii.given_names import is_given_name
from annotations.pii.lexicon import words
from annotations.pii.message import Message
from annotations.pii.subject import RELATIVE

_UP = "A-ZÀ-ÖØ-Þ" + "".join(c for c in map(chr, range(0x100, 0x250)) if c.isupper())
_LOW = "a-zß-öø-ÿ" + "".join(c for c in map(chr, range(0x100, 0x250)) if c.islower())
_PARTICLES = (
    r"(?:van|de|der|den|het|'t|ten|ter|te|von|el|al|la|le|du|da|di|dos|bin|ben|op|in|zu|v\.?d\.?|vd|v\.)"
)
_CAPITAL = (
    rf"(?:(?:Mc|Mac|O['’]|D['’]|d['’]|'t )?[{_UP}][{_LOW}'’]{{1,20}}+(?:[{_UP}][{_LOW}]{{2,15}}+)?)"
    rf"(?:-(?:{_PARTICLES} ){{0,2}}(?:{_PARTICLES}-)?[{_UP}][{_LOW}]{{1,20}}+)?"
)
_INITIALS = rf"(?:[{_UP}][a-z]?[ ]?\.[ ]?){{1,5}}"
_WHOLE = (
    rf"(?:(?:{_INITIALS}|{_CAPITAL} )(?:{_CAPITAL} )?(?:(?:{_PARTICLES}|De|Van|Den|El|Al) ){{0,3}}"
    rf"{_CAPITAL}(?: {_CAPITAL}){{0,2}})"
)
_NAME = (
    rf"{_WHOLE}|(?:(?:{_PARTICLES}|De|Van|Ter|Ten) ){{0,3}}{_CAPITAL}|"
    rf"[{_UP}]{{1,4}} (?:{_PARTICLES} ){{0,3}}{_CAPITAL}"
)
_DUTCH_TITLE = r"(?:dhr\.?|de heer|meneer|mevrouw|mevr\.?|mw\.|fam\.|familie)"
_TITLE = rf"(?:{_DUTCH_TITLE}|mr\.?|mrs\.?|ms\.?|dr\.?)"
_FIELD = (
    r"\b(?i:mijn (?:volledige |echte )?naam(?: is|:)|voor- en achternaam(?: is|:)?|naam en achternaam(?: "
    r"is|:)?|"
    rf"naam (?:van de )?(?:klant|huurder|verzekerde|patiënt|reiziger|contractant)[: ]|op naam(?= [A-Z][a-z])|"
    rf"op naam van(?: {_TITLE})?|op naam:|ten name van|t\.?n\.?v\.?:?(?: {_TITLE})?|"
    r"(?:volledige |achter|voor|meisjes|roep)?naam ?(?:is|=|:)|(?:achter|voor)naam\b:?|ik heet|heet(?= "
    r"[A-Z])|"
    rf"ik ben {_TITLE}|my (?:full |last |sur|first )?name(?: is|'s|:)(?: spel(?:led|t))?|"
    r"myn namme is|ik hjit|"
    r"name on (?:the|my) (?:card|account|booking|ticket)(?: is|:)|(?:sur|last |first |full )?name ?(?:is|:|"
    r"=)|surname|last name|in the name of|"
    r"account ?holder(?: is)?:?|policy ?holder:?|passenger(?: names?)?(?: is)?:?|rekeninghouder(?: is)?:?|"
    r"kaarthouder:?|ticket is under|booked (?:under|for)|under the name(?: of)?|staat op (?:de )?naam(?: "
    r"van)?|"
    r"(?:ingelogd|logged in|signed in|geregistreerd|registered|staat bekend|aangemeld) (?:als|as)(?= [A-Z])|"
    r"(?:booking|reservation|reserved|booked|order|ticket)\b[^.!?\n]{0,20} under(?= [A-Z])|"
    r"(?:ondertekend|getekend|opgemaakt|signed) (?:door|by)|voorletters(?: zijn| is)?:?|initialen:?|"
    r"(?:de )?(?:huurder|verzekerde|verzekeringnemer|bewoner|eigenaar|reiziger|patiënt|rekeninghoudster|"
    r"contactpersoon|"
    r"tenant|insured|guest|customer name|traveller|traveler)(?: is|:|,)(?= (?i:dhr|mevr|mw|mr|ms|de heer|"
    r"mevrouw|[A-Z]))|"
    r"contractant(?::| is)|geadresseerd aan|pakket(?:je)? voor|parcel for|hierbij mijn gegevens:?)"
    r"|\bheet(?= [A-Z])|\b[Nn](?:aam|ame)(?= (?:[A-Z][a-z]+ (?:[a-z]{2,3} ){0,2}[A-Z]|van de[nr]? [A-Z]))"
)
_LIKELY = (
    r"\b(?i:(?:hoofd|onder|mede|kaart|rekening|polis|pas|verzekering|contract|deel)?"
    r"(?:huurder|gebruiker|houder|houdster|nemer|afzender|ontvanger|geadresseerde|recipient|"
    r"sender|overledene|aanvrager|besteller|verzekerde|passagiers?|deelnemer|bewoner|client|"
    r"patient)(?: is|:)|"
    r"(?:addressed|delivered|registered|made out|belongs) to|erven(?: van)?|erfgenamen van|"
    r"(?:ticket|kaart|pas|kaartje|boeking|contract|abonnement|polis|reservering)s? (?:sta(?:at|"
    r"an)|is|zijn) op|"
    r"spreekt met|je spreekt met|dy sprekt mei|ik vlieg met|ik reis met|travell?ing with|flying with|"
    r"(?:dat|that|door|by) (?=[A-Z]\.? ?[A-Z]?\.? ?[A-Z])|"
    r"mr\.?|mrs\.?|ms\.?|(?-i:Miss)|t\.?a\.?v\.?:?|for the attention of|fao)"
)
"""What half introduces a name: the list of given names, initials or a title have to agree."""
_INTRODUCTION = (
    r"\b(?i:(?:u|je|jij) spreekt met|namens|ik ben|met|i am|i'm|this is|here is)|(?:^|[.!?\n] ?)[Bb]en|"
    r"\b[Ii]k,|\bI,|\b[Mm]yself,?"
)
_CLOSING = (
    r"\b(?i:(?:met )?vriendelijke? groet(?:en)?|groet(?:en|jes)?|hartelijke groet(?:en)?|mvg|m\.v\.g\.|gr\.?|"
    r"(?:kind |best |warm )?regards|sincerely|hoogachtend)"
)
_CUE = re.compile(
    rf"(?P<field>{_FIELD})(?:,? (?:(?:mijn|my) [a-z]+[,:]? ?)?|[ \"'(]{{0,3}})(?=[\"'{_UP}a-z])"
    rf"|\b(?P<relative>(?i:mijn|m'n|mn|my|onze|our|haar|zijn|his|her) (?:[a-z]{{3,12}} "
    rf")?(?i:{RELATIVE}))(?:[,:]? ?\(? "
    rf"?)(?=[{_UP}]|(?:van|de|el|al) )"
    rf"|\b(?P<title>(?i:{_DUTCH_TITLE})) (?=[{_UP}A-Z]|(?:van|de|der|den|ter|ten|el|te|'t|in) )"
    rf"|(?P<closing>{_CLOSING})(?:[ ,.!-]{{0,3}}\n{{0,2}}| van ) ?(?=[{_UP}]|"
    rf"[a-z'-]{{2,15}} [a-z' -]{{2,25}}$)"
    rf"|(?P<thanks>\b(?i:thanks|thank you|many thanks|thx|cheers|bedankt|alvast bedankt|dank u|dank je|"
    rf"dank alvast|alvast dank|bvd|b\.v\.d\.|dankjewel))[ ,.!]{{1,3}}\n{{0,2}} ?(?=[{_UP}])"
    rf"|(?P<introduction>{_INTRODUCTION})[,:]? (?=[{_UP}]|(?:van|de|el) )"
    rf"|(?P<dash>(?<=[\w.!?)] )[-–—]|(?<=\n)[-–—]|^[-–—]) ?(?=[{_UP}][^\n]{{3,30}}$)"
    rf"|(?P<likely>{_LIKELY}) ?[\"'(]?(?=[{_UP}]|(?:van|de|el) [{_UP}])"
    rf"|(?P<greeting>\b(?i:hi|hello|hallo|hoi|hey|dag)(?: there| all)?),? (?=[{_UP}])"
)
_FOUND = re.compile(_NAME)
_ON_A_TICKET = re.compile(
    r"[A-Z]{2,20}/[A-Z]{2,20}(?: [A-Z]{2,15}){0,2}(?![\w/])"
    rf"|(?:{_PARTICLES} ){{0,2}}{_CAPITAL}/{_CAPITAL}(?: {_CAPITAL})?(?: (?:MRS?|MS|MISS|Mrs?|Ms))?(?![\w/])"
)
"""A name as airlines write it: "NGUYEN/THI MAI", "de Vries/Johan MR"."""
_PASSENGER = re.compile(r"(?<![\w/])[A-Z]{2,20}/[A-Z]{2,20}(?: [A-Z]{2,15})? ?(?:MRS?|MS|MISS|MSTR)(?![\w/])")
_ONLY_INITIALS = re.compile(r"[A-Z](?:\.? ?[A-Z]){0,4}\.?(?![^\W_])")
_IS_WHOLE = re.compile(_WHOLE)
_LOWER = re.compile(
    rf"(?:{_PARTICLES} ){{0,2}}[a-zà-ÿ][a-zà-ÿ'-]{{2,20}}"
    rf"(?: (?:{_PARTICLES} ){{0,3}}[a-zà-ÿ][a-zà-ÿ'-]{{2,20}})?"
)
_SAYS_NAME = re.compile(r"naam(?: is| ?[:=]|$)|\bik heet|name(?: is|'s| ?[:=]|:)")
_LISTED = re.compile(
    rf"(?<![\w.])(?:{_INITIALS}(?:{_PARTICLES} ){{0,3}}|"
    rf"[A-Z]{{1,3}} (?:{_PARTICLES} ){{1,3}}){_CAPITAL}(?:-{_CAPITAL})?"
)
_INITIALLED = re.compile(rf"(?:[{_UP}](?:\. ?| )){{1,4}}(?:{_PARTICLES} ){{0,3}}{_CAPITAL}")
_MISTER = ("mr", "mrs", "ms", "miss")
_SPOKEN_WITH = ("u spreekt met", "je spreekt met", "jij spreekt met", "spreekt met")
_GIVEN_AND_SURNAME = re.compile(rf"(?<![\w@#./&-]){_WHOLE}(?![\w@/&]|-[0-9])")
_ADDRESSED = re.compile(
    r"(?:\b(?i:hi|hello|hallo|hoi|hey|dag|beste|dear|geachte|thanks|thank you|bedankt|groet\w*|regards|team|"
    r"by|van de|at|in|op|aan de|bij|near)|[\^~]),? ?$"
)
_HINTS = (
    *words(
        "naam name ingelogd logged under aangemeld getekend opgemaakt signed voorletters initialen huurder "
        "verzeker bewoner eigenaar "
        "reiziger overleden heet t.n.v tnv dhr mevr heer mw. contractant groet mvg regards spreekt namens "
        "holder"
    ),
    *words(
        "gr. tenant insured guest travell contactpersoon passenger houder pakket meneer sincerely "
        "namme hjit gebruiker nemer afzender ontvanger geadresseerde recipient sender aanvrager besteller "
        "passagier deelnemer addressed belongs erven erfgena spreekt vlieg flying t.a.v tav "
        "hoogachtend familie booked parcel gegevens fam."
    ),
)
_WEAK = re.compile(
    rf" (?:(?<=[Mm]n |my |My )|(?<=ijn |aar |nze |[Mm]'n |[Oo]ur |[Hh]is |[Hh]er )){RELATIVE}|"
    r" (?:(?<= Mr | Ms |Mr\. |Ms\. |Mrs | op |Ik, )|(?<=am |'m |Hi )|(?<=[Mm]et |[Bb]en |Hi, )|"
    r"(?<=nder )|(?<=Hello )|(?<=Hello, )|(?<=[Tt]his is ))"
    rf"(?:van |de |el )?[{_UP}]"
)  # begins at the space, so that other characters cost next to nothing
_THANKING = ("thank", "thx", "cheers", "dank")
_THANKS = re.compile(rf"[nksdtxujeNKSDTXUJE][ ,.!]{{1,3}}\n{{0,2}} ?[{_UP}][{_LOW}'’-]+ [^,;:!?]{{2,30}}$")
"""A capitalised name at the very end, after a word of thanks."""
_GREETS = re.compile(rf"(?:H[a-z]{{1,4}}|[Hh](?:i|ey|ello) there),? (?:van |de |el )?[{_UP}]")


def may_hold_a_name(text: str, low: str) -> bool:
    """Whether anything in the text may introduce a name: the quick way out for most messages."""
    if any(map(low.__contains__, _THANKING)) and _THANKS.search(text):
        return True
    return bool(
        any(map(low.__contains__, _HINTS)) or _WEAK.search(text) or _GREETS.match(text) or "- " in text[-36:]
    )


_NO_NAME = frozenset(
    words(
        "haas has have had on premium user gone been niet geen fout onbekend verkeerd veranderd gewijzigd "
        "juist goed nog al ook wel en of maar de het een op in van bij bekend correct wrong not unknown "
        "the a an "
        "is and or but weet staat kan moet klant mijn dm via privé jullie je u uw postcode adres "
        "telefoonnummer "
        "geboortedatum geb klantnummer graag per email e-mail mail tel bsn klopt adresgegevens "
        "dat dit als voor met gewoon nodig gevraagd ik wij we iban onjuist helaas verplicht "
        "bedrijf huisnummer woonplaats nummer heeft had zegt wil belt kreeg krijgt was werd die naar uit "
        "sinds "
        "wordt bent heb nu dan zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari "
        "februari maart "
        "april mei juni juli augustus september oktober november december monday tuesday wednesday "
        "thursday friday "
        "saturday sunday kerst pasen team webcare klantenservice support customer service here really "
        "happy very so spelled spelt written misspelled gespeld geschreven "
        "iphone samsung google apple android windows facebook twitter whatsapp instagram netflix paypal "
        "ideal digid "
        "ziggo kpn vodafone tmobile t-mobile telfort tele2 ns klm postnl dhl dpd ups gls bol coolblue "
        "amazon ing "
        "rabobank abn amro sns uwv duo cak svb belastingdienst gemeente politie eneco essent vattenfall "
        "nuon greenchoice "
        "zilveren achmea interpolis nationale nederland amsterdam rotterdam utrecht den holland belgië "
        "duitsland "
        "nederlandse engelse groeten groet gr mvg thanks bedankt dank dutch english german happy sorry hallo "
        "if when then this that these those they there what who why how where it its i'm im we you he she "
        "are was were "
        "do does did don't can could will would should may might let lets let's thank okay also any every "
        "some all "
        "their his her only no yes pls omg lol dm wat waarom hoe waar wie welke deze heel erg veel echt "
        "goedemorgen goedemiddag goedenavond hi hello dear beste ja nee hoi please still just your our "
        "from tom"
    )
) - {"tom"}
_PUBLIC = frozenset(
    words(
        "rutte trump biden obama musk bezos zuckerberg willem-alexander máxima maxima wilders poetin putin "
        "merkel beyoncé beyonce kok adani"
    )
)
_SMALL = frozenset(words("van de der den het ten ter te von el al la le du da di dos bin ben 't in op zu"))
_AGENT = re.compile(
    r"\^ ?[A-Z]|webcare|\bteam\b|from support|klantenservice|customer (?:service|care)|afdeling"
)
_JOIN = re.compile(rf"(?: and| en| &| und|,) (?=[{_UP}])")
_HERE = re.compile(r",? (?:here|hier)\b")


def find(message: Message) -> Iterator[Finding]:
    if not may_hold_a_name(message.text, message.low):
        return
    position = 0
    while cue := _CUE.search(message.text, position):
        finding = _after(message, cue)
        position = finding.end if finding else cue.end() if cue.end() > position else position + 1
        if finding:
            yield finding
            yield from _joined(message, finding)


def _joined(message: Message, finding: Finding) -> Iterator[Finding]:
    """Further whole names in one row: "passengers Lan Nguyen and Trevor Black"."""
    while join := _JOIN.match(message.text, finding.end):
        name = _FOUND.match(message.text, join.end())
        end = _trimmed(name) if name else None
        if name is None or end is None or not _IS_WHOLE.fullmatch(message.text, name.start(), end):
            return
        finding = replace(finding, start=name.start(), end=end)
        yield finding


def _after(message: Message, cue: re.Match[str]) -> Finding | None:
    """The name that a cue introduces, or None where what follows is none."""
    kind = str(cue.lastgroup)
    word = cue[kind].strip(" :=,").lower()
    name = _FOUND.match(message.text, cue.end())
    ticket = _ON_A_TICKET.match(message.text, cue.end()) if kind in ("field", "likely") else None
    if ticket:
        return Finding(*ticket.span(), "name", "name", (("person", word),), check=1, context=2)
    if kind == "field" and word.startswith(("voorletters", "initialen")):
        letters = _ONLY_INITIALS.match(message.text, cue.end())
        if letters:
            return Finding(*letters.span(), "name", "name", (("person", word),), check=1, context=2)
    if name is None or message.shouting:
        return _lower(message, cue, word) if kind == "field" else _signed_low(message, cue)
    end = _trimmed(name)
    if end is None:
        return _lower(message, cue, word) if kind == "field" else None
    whole = bool(_IS_WHOLE.fullmatch(message.text, name.start(), end)) or (
        (kind == "relative" or word in _SPOKEN_WITH) and _given(message, name.start(), end)
    )
    if not _introduced(message, kind, word, name.start(), end, whole):
        return None
    sure = 1 if whole or kind in ("field", "title") else 0
    return Finding(name.start(), end, "name", "name", (("person", word),), check=sure, context=2)


def _trimmed(name: re.Match[str]) -> int | None:
    """Where the name ends, without capitalised words that are none; None where nothing is left."""
    parts = list(re.finditer(r"\S+", name.group()))
    kept = 0
    for part in parts:
        low = part.group().lower().strip("'’.")
        if low in _SMALL or len(low) == 1:
            continue
        if low in _NO_NAME or low.endswith(("'s", "’s")):
            break
        kept = part.end()
    if not kept or any(part.group().lower() in _PUBLIC for part in parts):
        return None
    return name.start() + kept


def _given(message: Message, start: int, end: int) -> bool:
    """Whether a single word with a capital is a given name: "mijn man Bert"."""
    word = message.text[start:end]
    return " " not in word and is_given_name(word)


def _introduced(message: Message, kind: str, said: str, start: int, end: int, whole: bool) -> bool:
    """Whether this way of introducing says enough for a name like this."""
    if kind == "field":
        return True
    if kind == "title":
        return True
    if kind == "dash":
        return (
            whole
            and not message.text[end:].strip(" .!,\0")
            and message.author_role != "organisation"
            and is_given_name(message.text[start:end].split()[0])
        )
    if kind == "likely":
        if said in ("dat", "that", "door", "by"):
            return bool(_INITIALLED.match(message.text, start))
        return message.author_role != "organisation" and (
            _likely(message, start, end) or (whole and said.startswith(_MISTER))
        )
    if kind == "thanks":
        signed = not message.text[end:].strip(" .!,\0") and whole and message.author_role != "organisation"
        return (
            signed and is_given_name(message.text[start:end].split()[0]) and not _AGENT.search(message.text)
        )
    if kind == "greeting":
        return whole and bool(_HERE.match(message.text, end))
    if kind == "closing":
        if message.author_role == "organisation" or _AGENT.search(message.text):
            return False
        rest = message.text[end:].strip(" .!,\0)😊")
        ends_line = not rest or message.text[end : end + 1] == "\n" or message.text[end : end + 5] == " uit "
        return ends_line and (whole or (message.author_role == "consumer" and not rest))
    if message.author_role == "organisation" and kind == "introduction":
        return False
    return whole


def _likely(message: Message, start: int, end: int) -> bool:
    """Whether the words themselves look like a person's name: initials or a title and a surname, or a given
    name."""
    value = message.text[start:end]
    first = value.split()[0]
    return bool(_INITIALLED.match(value)) or is_given_name(first)


def _lower(message: Message, cue: re.Match[str], word: str) -> Finding | None:
    """A name in lower case, after a word that leaves no doubt: "mijn naam is pietje puk"."""
    if not _SAYS_NAME.search(word) and not _SAYS_NAME.search(cue[0].lower()):
        return None
    lower = _LOWER.match(message.text, cue.end())
    if not lower or any(part in _NO_NAME for part in lower.group().split()):
        return None
    return Finding(cue.end(), lower.end(), "name", "name", (("person", word),), context=2)


def _signed_low(message: Message, cue: re.Match[str]) -> Finding | None:
    """A signature in lower case that ends the message: "groetjes saskia vd berg"."""
    if cue.lastgroup != "closing" or message.author_role == "organisation" or message.shouting:
        return None
    lower = _LOWER.match(message.text, cue.end())
    if lower is None or lower.end() < len(message.text.rstrip(" .!,")):
        return None
    parts = lower.group().split()
    if len(parts) < 2 or not is_given_name(parts[0]) or any(part in _NO_NAME for part in parts):
        return None
    word = cue["closing"].strip(" :=,").lower()
    return Finding(*lower.span(), "name", "name", (("person", word),), context=2)


def find_listed(message: Message) -> Iterator[Finding]:
    """What counts only among other personal data: initials with a surname ("M. de Demo, Laan 3"), and a given
    name with a surname ("Roelof Hendriks, 12-03-1961", "order 4471902 for Kevin Doyle"), unless somebody is
    greeted or signs with it."""
    if not message.shouting:
        position = 0
        while name := _GIVEN_AND_SURNAME.search(message.text, position):
            position = name.end()
            first = name.group().partition(" ")[0]
            end = _trimmed(name) if is_given_name(first) else None
            if end is None or not _IS_WHOLE.fullmatch(message.text, name.start(), end):
                position = name.start() + len(first)
                continue
            position = end
            if _ADDRESSED.search(message.text, max(0, name.start() - 25), name.start()):
                continue
            yield Finding(name.start(), end, "name", "name", (("given",),), check=0.1)
    if "/" in message.text:
        for ticket in _PASSENGER.finditer(message.text):
            yield Finding(*ticket.span(), "name", "name", (("person", "mr"),), check=1, context=1)
    for listed in _LISTED.finditer(message.text):
        if "'" in listed.group()[2:] and listed.group().lower().endswith(("'s", "'m")):
            continue
        yield Finding(listed.start(), listed.end(), "name", "name", (("initials",),), check=0.1)
