"""What people say around an amount, as named patterns: the features of ``money_features.py``.

``SAID`` may stand anywhere in the sentence, ``BESIDE`` close to the amount (before it, or just after). A line
is a name that a reader understands, and the words that it stands for. What each name weighs is learned
(``weights/amounts.json``).
"""

from __future__ import annotations

import re


def _any(*words: str) -> str:
    return r"\b(?:" + "|".join(words) + r")\b"


SAID = {
    "first person": r"\b(?:ik|'k|k|mijn|m'n|mn|i|i'm|im|i've|my|ben|mij|me|wij|we|we're|ons|onze|our|min|"
    r"mien)\b",
    "a relative": _any(
        "moeder|vader|man|vrouw|zoon|dochter|partner|toeslagpartner|vriend|vriendin|oma|opa|ouders|kind",
        "kinderen|gezin|huishouden|buurvrouw|buurman|broer|zus|ex",
        "husband|hubby|wife|mother|father|mom|mum|dad|son|daughter|family|household|kids",
    ),
    "they pay me": r"\b(?:krijg|kreeg|krijgt|krijgen|kregen|ontvang|ontvangt|stort|storten|gestort|wil|"
    r"jullie|u|"
    r"zullen|teveel|te veel|graag)\b(?:(?!\bmoet)[^.!?\n]){0,45}\b(?:terug(?! (?:moet|moeten|aan|naar|"
    r"betalen)\b)|teruggestort|terugbetaald|terugbetalen|"
    r"terugstorten|teruggekregen|vergoed|gecompenseerd|gecrediteerd|retour)\b(?! te betalen)|"
    r"\b(?:jullie|t-mobile|kpn|ziggo|u|belastingdienst|bedrijf|zij|you|they)\b[^.!?\n]{0,12}"
    r"\b(?:moet|moeten|gaan|zouden|zou|zijn|owe|still owe)\b[^.!?\n]{0,8}\b(?:mij|me|ons|us)\b|\bowes? me\b|"
    r"\baan mij\b|\baan ons\b|\brefund|teruggaaf|teruggave|krijg nog|tegoed|\b(?:want|get) "
    r"my\b[^.!?\n]{0,25}\bback",
    "you owe us": r"\b(?:you|u|je|jij)\b[^.!?\n]{0,12}\b(?:owe|bent|moet)\b[^.!?\n]{0,15}\b(?:us|ons)\b",
    "direct debit": r"automatische incasso|incasso (?:is|van|op)|ge[iï]ncasseerd",
    "your fault": r"\b(?:jullie|hun|uw|eigen|gewoon)(?: eigen)? schuld\b|schuld (?:dat|van)\b",
    "a rule": r"modaal|modale|gemiddeld(?! (?:zit|verdien|kom|heb|krijg|hou)\b)|minimumloon|wettelijk|"
    r"inkomensgrens|heffingskorting|bijstandsnorm|"
    r"mensen met|iedereen|\bwie |people who|people with|belastingvrij|inkomen tot|average|minimum "
    r"wage\b(?! worker| so| job|,)|"
    r"volgens (?:het )?(?:cbs|nibud)|onderzoek|op de (?:vijf|tien|vier)|mag (?:je|ik|"
    r"men)\b(?![^.!?\n]{0,30}(?:betalen|aflossen|termijn|delen|regeling))|grens (?:is|"
    r"ligt|van)",
    "a limit": r"(?<![0-9] )\btot [€0-9]|\bvanaf [€0-9]|maximale|minimale|hoe hoog|hoeveel|grens|drempel|"
    r"maximaal|"
    r"maximum|max\b|tot een|vanaf|bij een|"
    r"boven een|onder een|meer dan een|(?:boven|onder) de (?=[€0-9])|threshold|limit\b|less than|more than|"
    r"\bunder (?=[€£$0-9])|just (?:under|over)|a bit over|free to any|toeslag als|kun "
    r"je|kan je",
    "in the news": r"directeur|\bceo\b|topman|topmannen|bestuurder|minister\b|miljard|billion|million|"
    r"miljoen|mln|crore|lakh|"
    r"staatsschuld|jullie (?:winst|omzet|verdienen)|verdienen jullie|\bkpn\b|ziggo maakt|nederlander|"
    r"aandeel|bitcoin|beurs|winst van (?:kpn|ns|ziggo|de)|executive|ambtenaar|vrouwen verdienen|"
    r"griekenland|your (?:company|staff|employees)",
    "a vacancy": r"vacature|gezocht|salaris(?:indicatie)? (?:tot|van|tussen)|sollicite|\bfte\b|salary range|"
    r"hiring|vacancy|join our|\bcao\b|schaal [0-9]|we are looking|we zoeken|wij zoeken|\bbieden\b|\brange\b|"
    r"klik hier|apply now|reageer|work from home|verdien (?:tot )?[0-9]+ euro per dag|(?:nu|direct|online) "
    r"aanvragen",
    "still to pay": r"\b(?:moet|moeten|must|have to|need to|still|wil|wilt|willen)\b[^.!?\n]{0,50}"
    r"\b(?:terug ?betalen|terug ?geven|terug ?stort(?:en)?|afbetalen|aflossen|bijbetalen|nabetalen|pay "
    r"back|repay|"
    r"terughebben|terug aan)\b|gespreid betalen|in (?:delen|stukjes) betalen|pay (?:it )?(?:in parts|"
    r"monthly|off)|"
    r"\b(?:moet|moeten)\b (?:\w+ ){0,3}?nog\b[^.!?\n]{0,30}\b(?:betalen|afbetalen|aflossen)\b|\bnog "
    r"(?:steeds )?"
    r"[^.!?\n]{0,25}\b(?:te betalen|betalen)\b|\bschuldig\b|\bstill (?:have to|need to|must) pay\b|in "
    r"termijnen|"
    r"in \w+ termijnen|\b(?:termijnen|installments?|instalments?) van\b|payment plan|"
    r"\b(?:los|lost|lossen|betaal|betaalt|betalen)\b[^.!?\n]{0,40}\baf\b(?! (?:van|aan|te))|paying off|"
    r"\bpay off\b|"
    r"afbetaling|termijn(?:en)? achter|\bnog\b[^.!?\n]{0,25}\bmoet(?:en)?\b(?! (?:komen|worden|krijgen|"
    r"wachten|zijn|doen))|ik nog moet|"
    r"betalen aan (?:de|het) (?:belasting|uwv|cak|cjib|duo|deurwaarder|gemeente)|pay (?:it )?back|paying "
    r"back|(?:set|work) (?:up|out) a plan|"
    r"payment arrangement|betaalafspraak|\bregeling\b",
    "cannot pay": r"(?:niet meer|niet|nooit|nyt|net|can'?t|can ?not|cannot|"
    r"unable to) (?:ineens |in een keer |in 1 keer |kan "
    r"|kunnen |zomaar |"
    r"even |meteen |direct )?(?:aflossen|afbetalen|betelje|repay|betalen|betaald krijgen|betaald|"
    r"ophoesten|opbrengen|missen|voldoen|pay|"
    r"afford)\b|"
    r"\b(?:dat|die|it|that) heb ik (?:echt )?niet|don'?t have (?:it|that)|geen geld",
    "in the red": r"\bsta(?:a[nt])?\b[^.!?\n]{0,25}\brood\b|\brood (?:staan|gestaan)\b|\bin het rood\b|"
    r"in het krijt|"
    r"overdraft|overdrawn|in the red|in the hole|in de min\b|\bmin staan|\brood\b[^.!?\n]{0,12}\bsta",
    "outstanding": r"\bsta(?:at|an)?\b[^.!?\n]{0,35}\bopen\b|\bnog open|openstaa|outstanding|overdue|"
    r"achter(?:stallig|stand|loop\b|lopen\b|loopt\b)|in skuld|\b(?:loop|lopen|loopt|lig|zit|"
    r"sta) [^.!?\n]{0,45}achter\b(?! (?:in|op|de|"
    r"het|een))|"
    r"arrears|\bin de schuld|in debt|\bnog [€0-9.,]+ (?:euro )?open\b|behind (?:on|with)\b|fell behind|"
    r"nog te gaan|uitstaan\b|geleend|past[ -]due|balance due|\bopen(?:staand)? bedrag|maxed out|garant|"
    r"borg sta|default\b|on my (?:credit )?(?:file|cards?)|klarna|afterpay|riverty|tinka|billink|wehkamp|"
    r"payday "
    r"(?:loan|lend\w*)|remaining balance|"
    r"in collections|uit (?:loan|lening)|te voldoen\b|niet betaald krijgen|borrowed|"
    r"te gaan bij|op afbetaling|(?:credit ?card|card|loan|mortgage|overdraft) balance (?:is|of|at|stands)|"
    r"interest is killing|\bcard is (?:at|maxed)",
    "claimed back": r"\b(?:vorder|vordert|vorderen|gevorderd)\b[^.!?\n]{0,60}\bterug|terugvorder|"
    r"teruggevorderd|"
    r"claw(?:ed)? back|overpaid|overpayment|\bwilden? [^.!?\n]{0,20}terug\b|naheffing|navordering|"
    r"\b(?:vordert|vorderen)\b|\bmoet(?:en)?\b[^.!?\n]{0,45}toeslag\b[^.!?\n]{0,12}\bterug\b",
    "living on": r"\b(?:rond ?komen|kom rond|leven (?:wij |we |met [^.!?\n]{1,20} )?van|leven nu van|rond "
    r"moeten komen|rond (?:moet|kan|kunnen|kom\w*|te) |om (?:rond te komen |te (?:moeten )?leven )?van "
    r"(?=[€£$0-9])|household of|scrape by|scraping by|getting by on|manage on|managing on|living off|"
    r"live off|feed (?:my|a|the|us)|make ends meet|eindjes aan elkaar|leef van|leeft "
    r"van|get by on|"
    r"lives? on|lived on|lives? off|lived off|living on|survive on|surviving on|getting by|moet ik (?:van|"
    r"alles van)|daar kom je|blijft (?:\w+ )?over|rondkomen|"
    r"alles van betalen|om van te leven|vetpot|moet het doen met|moeten het doen met|leefgeld|weekgeld|"
    r"alleenstaande? (?:met|moeder|vader)|vaste lasten|cover everything|houd?(?:en)? (?:ik |we |wij "
    r")?[^.!?\n]{0,20}over|te besteden|alleenstaande?|alleen met|two kids|met een kind|met kinderen|single "
    r"(?:mum|mom|parent|mother|dad)|met z'n (?:twee|drie|vier|vijf)\w*|vaste lasten)\b",
    "a bill afterwards": r"\b(?:aanslag|naheffing|eindafrekening|jaarafrekening|jaarnota|nabetal\w*|"
    r"navordering|bijbetal\w*|"
    r"afrekening)\b",
    "back to them": r"\bterug\b[^.!?\n]{0,12}\b(?:aan|van mij|van ons|naar)\b|"
    r"\bwil\w*\b[^.!?\n]{0,40}\bterug\b(?! (?:krijg|op))|"
    r"te ?veel (?:\w+ )?(?:gehad|gekregen|ontvangen)|\b(?:terugstort|terugge(?:ven|storten)|teruggeven)",
    "wages": r"\b(?:pay cut|pay rise|payrise|a raise|loonsverhoging|opslag|overuren|furlough\w*|"
    r"nulurencontract|zero hours|minimum wage|minimumloon|per uur|p/u|an hour|hourly|payslip|"
    r"loonstrook|hours got cut|part[ -]?timer?|full[ -]?time|"
    r"retired|gepensioneerd|pensioner|13e maand|dertiende maand|te besteden|verdien\w*)\b",
    "a debt collector": r"deurwaarder|incassobureau|\bcjib\b|\bggn\b|\bintrum\b|flanderijn|syncasso|\blavg\b|"
    r"vesting finance|debt collect|\bcollectors? after|collection agency|bailiff|\bbureau\b|dagvaarding|"
    r"dwangbevel|repo man|repossess|failliet|beslag|bankrupt|final notice|collections|chasing me|chase me|"
    r"after me for|intrum|gerechtsdeurwaarder|"
    r"schuldsanering|schuldhulp|bewindvoer|\bwsnp\b|court (?:order|letter|summons)|\bccjs?\b|debt relief|"
    r"garnish|"
    r"incasso (?:dreigt|wil|komt)|curator|kredietbank|\bbkr\b",
    "works": _any(
        "werk|werkt|werkte|gewerkt|baan|bijbaan\\w*|\\w+kracht|bijverdien\\w*|\\w+baantje|baas|werkgever|"
        "krantenwijk|schoonmaken|loonlijst|loondienst|oproep\\w*|invaller|payslip|"
        "loon(?:strook\\w*|brief\\w*)|salaris(?:strook\\w*|spec\\w*)|shifts?|overtime|overuren|warehouse|"
        "barista|nurse|freelance\\w*|zzp\\w*|zelfstandig\\w*|loonheffing|oproepkracht",
        "uitzendkracht|jaarcontract|stage|parttime|employer|job|worker|self[ -]employed|ondernemer|"
        "loonstrook",
    ),
    "paid already": r"betaald|afgeschreven|overgemaakt|gekost|afgerekend|paid|charged|gekocht|besteld|"
    r"bought|spent",
    "a price": r"abonnement|per persoon|bundel|korting|aanbieding|prijs|kost\b|kosten|price|subscription|"
    r"cost|"
    r"huur(?! ?achter|toeslag)|factuur|rekening(?! ?courant)|boete|borg|ticket|reparatie|verzendkosten|fee\b|"
    r"cadeau|voucher|parkeren|monteur|premie|servicekosten|kinderopvang kost|verzekering|woning|schade",
}

BESIDE = {
    "received": _any(
        "krijg|krijgt|krijgen|kreeg|kregen|gekregen|ontvang|ontvangt|ontvangen|ontving|beur|beurt|beuren|"
        "trek|trekken|vang|"
        "vangt|vangen|gevangen|tik [^.!?\\n]{0,30} bij elkaar|haalt? [^.!?\\n]{0,20}binnen|uitbetaald|"
        "uitgekeerd|kom[^.!?\\n]{0,25} aan(?= [€0-9])|"
        "zit op|zitten op|uitkomen op|kom uit op|schrijf ik bij",
        "binnen ?kom(?:en|t)|komt? [^.!?\\n]{0,40}binnen|maakt [^.!?\\n]{0,30}over|stort|verdiend?|gives "
        "me|coming in",
        "bring(?:s|ing)? (?:home|in)|brought (?:home|in)|tak(?:es?|ing) (?:home|in)|took home|get paid|"
        "gets paid|got paid|makes?(?! sure| sense)|made|receive[sd]?|get|gets|getting|paid "
        "by|pays me|clear|earned",
    ),
    "a payer of income": _any(
        r"uwv|svb|sociale dienst|sociale zaken|gemeente|ocmw|rva|vdab|mutualiteit|vakbond|pensioenfonds\w*|"
        "pfzw|bpf|werkplein|centrelink|hmrc|va|duo|werkgever|baas|abp|pensioenfonds|dwp|social security|"
        "employer|"
        "mantelzorg|pgb|aow|i'm on|ssi|pip|esa|uc|disability|jobseekers|carers?|allowance|fortnight",
    ),
    "a demand": _any("eist|eisen|wil|willen|vraagt|vordert|vorderen|demands?|demanding|wants?|says i owe"),
    "what is left": _any(
        "overgehouden|houd?(?:en)? [^.!?\\n]{0,30}over|after tax(?:es)?|na aftrek|onder aan de streep"
    ),
}

BEFORE = {
    "being paid out": r"\b(?:betaal|betaalt|betalen|betaalde|pay|paying|pays|paid|spend|spends|spent|"
    r"spending|charged?|charges|kost|kostte|"
    r"kosten|costs?|steal\w*|stole|took|besteed|geef|uitgegeven|uitgeven|neem|neemt|nemen|afgeschreven|"
    r"need|nodig|scheelt|misloop|"
    r"vergoed\w*|subsidie)\b[^.!?\n;]{0,16}$",
    "price of a thing": r"\b(?:factuur|energierekening|rekening|invoice|bill|boete|bestelling|order|"
    r"toestel|abo|abonnement|contract|ticket\w*|"
    r"kaart|koffer|hotel|hotelkamer|flight|vlucht|wasmachine|telefoon|korting|bon|voucher|tank|"
    r"boodschappen|parkeer\w*|"
    r"termijnbedrag|voorschot|maandbedrag|premie|huur|rent|fee|kosten)\b[^.!?\n;]{0,18}$",
    "of others": r"\b(?:iemand|men|mensen|gezin|nederlander|conducteur|leraar|agent|verpleegkundige|"
    r"teacher|nurse|they|ze|zij|jullie|directeur|"
    r"someone|anyone|people|you|je)\b[^.!?\n;]{0,30}$",
    "an offer": r"\b(?:verdien|earn|make)\b[^.!?\n;]{0,8}(?:tot|up to|wel)? ?(?:[€£$] ?)?$|\b(?:hiring|"
    r"join us|lening|leningen|lenen|krediet)\b[^.!?\n;]{0,6}(?:vanaf|van|from|bij|"
    r"boven)[^.!?\n;]{0,6}$",
    "mine": r"\b(?:ik|'k|k|i|i'm|im|my|mijn|m'n|mn|we|wij|our|ons|onze|me|mij)\b[^.!?\n;,]{0,25}$",
}
AFTER = {
    "spent on": r"^[^\w\n]{0,3}(?:per persoon|p\.?p\b|betaald|paid|uitgegeven|spent|gekost|korting|"
    r"statiegeld|retour naar|aan (?:energie|gas|stroom|"
    r"boodschappen|benzine|huur|premie)|voor (?:een|de|het|mijn|die|m'n|niks|niets|verzending|2|3|4)|for "
    r"(?:a|the|my|an|this|nothing|cable|internet)|op rekening|"
    r"terug naar|rente|vergoeding|subsidie|duurder|goedkoper|extra|with you|bij jullie|cashback|kwijt)",
    "in parts": r"^[^.!?\n]{0,14}\b(?:in (?:\w+|[0-9]+) (?:keer|termijnen|delen|stukken)|in 1x|ineens|in "
    r"een keer|in één keer|in termijnen|gespreid|"
    r"in one go|in instalments|in installments|monthly)\b",
    "comes in": r"^(?:(?!\bniet\b)[^.!?\n]){0,25}\b(?:binnen|te besteden|over|om van te leven|net+o|schoon|"
    r"bruto|van het "
    r"uwv|uitkering|loon|salaris|aow|ww|pensioen)\b",
    "stays open": r"^(?: ?p\.m\.)?[^.!?\n]{0,20}\b(?:open|achter|schuld|"
    r"in (?:\w+ )?loans|aan leningen|of debt|te gaan|"
    r"te betalen|terug|schuldig|overdue|"
    r"behind|left to pay|in arrears|aflossen|af)\b",
}
"""What stands directly before the amount, and directly after it."""

SAID_PATTERNS = {name: re.compile(pattern) for name, pattern in SAID.items()}
BESIDE_PATTERNS = {name: re.compile(pattern) for name, pattern in BESIDE.items()}
BEFORE_PATTERNS = {name: re.compile(pattern) for name, pattern in BEFORE.items()}
AFTER_PATTERNS = {name: re.compile(pattern.removeprefix("^")) for name, pattern in AFTER.items()}
