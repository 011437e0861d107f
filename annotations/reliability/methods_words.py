"""The sentences of the methods paragraph, in Dutch and English."""

from __future__ import annotations

from typing import Any

PACKAGE = (
    "Castro, S. (2017). Fast Krippendorff [Computer software]. "
    "https://github.com/pln-fing-udelar/fast-krippendorff"
)
REFERENCES: list[tuple[frozenset[str], str]] = [
    (frozenset(), PACKAGE),
    (
        frozenset(),
        "Krippendorff, K. (2019). Content analysis: An introduction to its methodology (4th ed.). Sage.",
    ),
    (
        frozenset({"set"}),
        "Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic "
        "annotation. Proceedings of LREC 2006.",
    ),
    (
        frozenset({"span"}),
        "Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability of unitizing "
        "textual continua. Quality & Quantity, 50(6), 2347–2364.",
    ),
    (
        frozenset({"gwet_ac1"}),
        "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high "
        "agreement. British Journal of Mathematical and Statistical Psychology, 61(1), 29–48.",
    ),
    (
        frozenset({"holsti"}),
        "Holsti, O. R. (1969). Content analysis for the social sciences and humanities. Addison-Wesley.",
    ),
    (
        frozenset({"weighted_kappa"}),
        "Cohen, J. (1968). Weighted kappa: Nominal scale agreement with provision for scaled disagreement or "
        "partial credit. Psychological Bulletin, 70(4), 213–220.",
    ),
    (
        frozenset({"icc"}),
        "Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: Uses in assessing rater "
        "reliability. Psychological Bulletin, 86(2), 420–428.",
    ),
]

WORDS: dict[str, dict[str, Any]] = {
    "nl": {
        "and": "en",
        "numbers": ("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"),
        "languages": {"nl": "Nederlands", "en": "Engels", "de": "Duits", "fr": "Frans"},
        "bounds": {"lower": "de ondergrens van het 95%-interval van alfa", "point": "alfa"},
        "gate": "Vooraf was bepaald dat ronde “{round}” openging zodra {bound} voor elke variabele die telde "
        "minstens {threshold} was; dat is gehaald.",
        "gate_reason": "Vooraf was bepaald dat ronde “{round}” openging zodra {bound} voor elke variabele "
        "die telde minstens {threshold} was; dat is niet gehaald voor {variables}. De ronde is toch geopend, "
        "omdat: {reason}.",
        "nouns": {"coder": ("codeur", "codeurs"), "conversation": ("gesprek", "gesprekken")},
        "coded": "De codes van ronde “{round}” zijn in dit programma gegeven door {coders}, onafhankelijk "
        "van elkaar, volgens het codeboek “{book}”, versie {version}.",
        "imported": "De codes van ronde “{round}” zijn geïmporteerd; zij zijn gegeven door {coders}, volgens "
        "het codeboek “{book}”, versie {version}. Of onafhankelijk van elkaar is gewerkt, is hier niet "
        "vastgelegd.",
        "partly_imported": "De codes van ronde “{round}” zijn gegeven volgens het codeboek “{book}”, versie "
        "{version}: door {own} in dit programma, zonder zicht op de codes van anderen, terwijl die van "
        "{imported} zijn geïmporteerd. Of de geïmporteerde codes onafhankelijk zijn gegeven, is hier niet "
        "vastgelegd.",
        "language": "Het codeboek is in het {languages} opgesteld.",
        "earlier": (
            "Aan deze ronde ging {count} ronde vooraf: {names}.",
            "Aan deze ronde gingen {count} rondes vooraf: {names}.",
        ),
        "training": "In training is samen {hours} uur gecodeerd, gemeten door het programma.",
        "again": "In deze ronde is opnieuw gecodeerd wat een wijziging van het codeboek (versie {earlier} "
        "naar {version}) raakte van ronde “{source}”, {old}; de andere antwoorden zijn daaruit meegenomen.",
        "asked_of_finished": "De vraag “{variable}” kwam er met versie {version} van het codeboek bij, en is "
        "ook gesteld van wat al af was.",
        "asked_later": "De vraag “{variable}” kwam er met versie {version} van het codeboek bij, en is "
        "gesteld van wat sindsdien is gecodeerd.",
        "old_shown": "met het eerdere antwoord in beeld",
        "old_hidden": "zonder het eerdere antwoord te zien",
        "hours": "In deze ronde is samen {hours} uur gecodeerd.",
        "drawn": "Uit {source} zijn er {drawn} {how} getrokken (seed {seed}), waarvan {all} voor alle "
        "codeurs.",
        "screened": "De {drawn} gesprekken zijn gekozen door het terugzoeken “{screening}”; daarvan zijn er "
        "{all} voor alle codeurs (seed {seed}).",
        "source": ("{pool} gesprekken", "{pool} gesprekken van de selectie “{name}”"),
        "how": {"stratified": "aselect per organisatie", "simple": "aselect"},
        "not_drawn": "De verdeling van gesprekken is niet in dit programma getrokken.",
        "shared": "Van de {conversations} afgeronde gesprekken zijn er {shared} door twee of meer codeurs "
        "gecodeerd, met per variabele ten hoogste {messages} berichten; alleen daarop berusten de cijfers, "
        "berekend op de codes van vóór enig overleg.",
        "shared_spans": "Van de {conversations} afgeronde gesprekken zijn er {shared} door twee of meer "
        "codeurs "
        "gecodeerd, met per variabele ten hoogste {messages} berichten en samen {spans} gemarkeerde "
        "fragmenten; "
        "alleen daarop berusten de cijfers, berekend op de codes van vóór enig overleg.",
        "size": "De benodigde omvang volgt Krippendorff (2019): genoeg eenheden om een alfa onder .667 uit "
        "te "
        "sluiten bij het aandeel van de zeldzaamste categorie (p = .05); dat haalden {few} van de {n} "
        "variabelen "
        "niet.",
        "range": "Krippendorffs alfa loopt over {n} variabelen van {low} (“{lowest}”) tot {high}, de "
        "procentuele "
        "overeenstemming van {low_percent} tot {high_percent}: {reliable} betrouwbaar, {tentative} "
        "voorlopig, "
        "{unreliable} niet betrouwbaar.",
        "no_alpha": "Van geen enkele variabele is alfa gedefinieerd.",
        "undefined": "Wegens gebrek aan variatie of aan gedeelde eenheden is alfa niet gedefinieerd van "
        "{names}.",
        "alpha": "Alfa (Krippendorff, 2019) is per variabele berekend {kinds}.",
        "measured": {
            "nominal": "nominaal voor keuzen zonder volgorde",
            "ordinal": "ordinaal voor keuzen met een volgorde",
            "interval": "op intervalniveau voor getallen met gelijke afstanden",
            "ratio": "op rationiveau voor getallen met een nulpunt",
            "masi": "met de MASI-afstand voor meerkeuzevragen (Passonneau, 2006)",
            "u": "als uα voor tekstfragmenten (Krippendorff et al., 2016)",
        },
        "interval": "Het 95%-betrouwbaarheidsinterval is het percentielinterval van {bootstrap} "
        "bootstraphertrekkingen van gesprekken (seed {seed}).",
        "interval_spans": "Het 95%-betrouwbaarheidsinterval is het percentielinterval van {bootstrap} "
        "bootstraphertrekkingen van gesprekken, bij uα van berichten (seed {seed}).",
        "also": "Daarnaast is berekend: {names}.",
        "beside": {
            "percent_agreement": "de procentuele overeenstemming (het gemiddelde over eenheden met twee of "
            "meer "
            "codes)",
            "holsti": "de coëfficiënt van Holsti (1969; het gemiddelde over codeurparen)",
            "gwet_ac1": "AC1 (Gwet, 2008) met de categorieën die het codeboek noemt",
            "light_kappa": "het gemiddelde van Cohens kappa over codeurparen",
            "weighted_kappa": "kwadratisch gewogen kappa (Cohen, 1968) bij ordinale variabelen",
            "icc": "ICC(2,1) (Shrout & Fleiss, 1979) en de standaarddeviatie van de verschillen bij getallen",
        },
        "thresholds": "Een alfa vanaf .80 geldt als betrouwbaar, een alfa van .667 tot .80 als voorlopig.",
        "missing": "Ontbrekende codes tellen niet mee: codeurs kozen {given} keer dat iets niet van "
        "toepassing "
        "of niet vast te stellen was, en {skipped} keer is een vraag volgens het codeboek niet gesteld of "
        "bij het "
        "afronden opengelaten; van een voorwaardelijke vraag tellen alleen eenheden waarbij alle codeurs de "
        "vraag kregen.",
        "frozen": "Het aantal coderingen dat is heropend na een besluit over het gesprek, is {count}; "
        "daarvan tellen de codes van vóór dat besluit.",
        "detector": "Mogelijke persoonsgegevens zijn aangewezen door de detector van het programma "
        "(versie {version}), zonder eigen regels van de studie.",
        "detector_rule": "Mogelijke persoonsgegevens zijn aangewezen door de detector van het programma "
        "(versie {version}), met één eigen regel van de studie, die een supervisor heeft aanvaard.",
        "detector_rules": "Mogelijke persoonsgegevens zijn aangewezen door de detector van het programma "
        "(versie {version}), met {rules} eigen regels van de studie, die een supervisor heeft aanvaard.",
        "all_candidates": "Codeurs zagen alle kandidaten, ook de minder zekere.",
        "certain_candidates": "Codeurs zagen alleen de zekere kandidaten, niet de minder zekere.",
        "computed": "De cijfers zijn berekend met Webcare coding {app}, krippendorff {krippendorff} (Castro, "
        "2017), numpy {numpy}, scipy {scipy} en Python {python}.",
        "references_head": "Literatuur",
        "references": [*REFERENCES, (frozenset(), "Webcare coding ({app}) [Computerprogramma].")],
    },
    "en": {
        "and": "and",
        "numbers": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        "languages": {"nl": "Dutch", "en": "English", "de": "German", "fr": "French"},
        "bounds": {"lower": "the lower end of the 95% interval of alpha", "point": "alpha"},
        "gate": "It was decided beforehand that round “{round}” would open once {bound} was at least "
        "{threshold} for every variable that counted; it was.",
        "gate_reason": "It was decided beforehand that round “{round}” would open once {bound} was at least "
        "{threshold} for every variable that counted; it was not for {variables}. The round was opened all "
        "the same, because: {reason}.",
        "nouns": {"coder": ("coder", "coders"), "conversation": ("conversation", "conversations")},
        "coded": "The codes of round “{round}” were given in this program by {coders}, independently of each "
        "other, by the codebook “{book}”, version {version}.",
        "imported": "The codes of round “{round}” were imported; they were given by {coders}, by the "
        "codebook “{book}”, version {version}. Whether they worked independently of each other is not "
        "recorded here.",
        "partly_imported": "The codes of round “{round}” were given by the codebook “{book}”, version "
        "{version}: by {own} in this program, without sight of the codes of others, whereas those of "
        "{imported} were imported. Whether the imported codes were given independently is not recorded here.",
        "language": "The codebook is written in {languages}.",
        "earlier": (
            "This round was preceded by {count} round: {names}.",
            "This round was preceded by {count} rounds: {names}.",
        ),
        "training": "Coding in training took {hours} hours in all, as measured by the program.",
        "again": "This round codes again what a change of the codebook (version {earlier} to {version}) "
        "touched of round “{source}”, {old}; all other answers were carried over from it.",
        "asked_of_finished": "The question “{variable}” was added with version {version} of the codebook, "
        "and was asked of what had been finished before as well.",
        "asked_later": "The question “{variable}” was added with version {version} of the codebook, and "
        "was asked of what was coded since.",
        "old_shown": "with the earlier answer in view",
        "old_hidden": "with the earlier answer hidden",
        "hours": "Coding in this round took {hours} hours in all.",
        "drawn": "From {source} {drawn} were drawn {how} (seed {seed}), of which {all} for every coder.",
        "screened": "The {drawn} conversations were chosen by the screening “{screening}”, of which {all} "
        "for every coder (seed {seed}).",
        "source": ("{pool} conversations", "{pool} conversations of the selection “{name}”"),
        "how": {"stratified": "at random within each organisation", "simple": "at random"},
        "not_drawn": "The assignment of conversations was not drawn in this program.",
        "shared": "Of the {conversations} finished conversations, {shared} were coded by two or more coders, "
        "with at most {messages} messages per variable; the figures rest on these alone and were computed on "
        "the codes from before any discussion.",
        "shared_spans": "Of the {conversations} finished conversations, {shared} were coded by two or more "
        "coders, with at most {messages} messages per variable and {spans} marked fragments in all; the "
        "figures "
        "rest on these alone and were computed on the codes from before any discussion.",
        "size": "The size needed follows Krippendorff (2019): enough units to rule out an alpha below .667 "
        "given "
        "the share of the rarest category (p = .05); for {few} of the {n} variables there were fewer.",
        "range": "Over {n} variables Krippendorff's alpha ranges from {low} (“{lowest}”) to {high}, percent "
        "agreement from {low_percent} to {high_percent}: {reliable} reliable, {tentative} tentative, "
        "{unreliable} not reliable.",
        "no_alpha": "For none of the variables alpha is defined.",
        "undefined": "For want of variation or of shared units alpha is not defined for {names}.",
        "alpha": "Alpha (Krippendorff, 2019) was computed per variable {kinds}.",
        "measured": {
            "nominal": "as nominal for choices without an order",
            "ordinal": "as ordinal for choices with an order",
            "interval": "as interval for numbers with equal distances",
            "ratio": "as ratio for numbers with a true zero",
            "masi": "with the MASI distance for multiple choice (Passonneau, 2006)",
            "u": "as uα for text fragments (Krippendorff et al., 2016)",
        },
        "interval": "The 95% confidence interval is the percentile interval of {bootstrap} bootstrap "
        "resamples "
        "of conversations (seed {seed}).",
        "interval_spans": "The 95% confidence interval is the percentile interval of {bootstrap} bootstrap "
        "resamples of conversations, for uα of messages (seed {seed}).",
        "also": "We also computed {names}.",
        "beside": {
            "percent_agreement": "percent agreement (the mean over units with two or more codes)",
            "holsti": "Holsti's coefficient (1969; the mean over coder pairs)",
            "gwet_ac1": "AC1 (Gwet, 2008) with the categories that the codebook declares",
            "light_kappa": "the mean of Cohen's kappa over coder pairs",
            "weighted_kappa": "quadratically weighted kappa (Cohen, 1968) for ordinal variables",
            "icc": "ICC(2,1) (Shrout & Fleiss, 1979) and the standard deviation of the differences for "
            "numbers",
        },
        "thresholds": "An alpha of .80 or more counts as reliable, one from .667 to .80 as tentative.",
        "missing": "Missing codes were left out: coders chose {given} times that something did not apply or "
        "could not be determined, and {skipped} times a question was not asked, by the codebook, or left "
        "open "
        "when the conversation was finished; of a conditional question only units count that every coder was "
        "asked.",
        "frozen": "The number of codings that were reopened after a decision on their conversation is "
        "{count}; of these, the codes given before that decision count.",
        "detector": "Possible personal data were pointed out by the program's detector (version {version}), "
        "without rules of the study's own.",
        "detector_rule": "Possible personal data were pointed out by the program's detector "
        "(version {version}), with one rule of the study's own that a supervisor accepted.",
        "detector_rules": "Possible personal data were pointed out by the program's detector (version "
        "{version}), with {rules} rules of the study's own that a supervisor accepted.",
        "all_candidates": "Coders saw all candidates, the less certain ones too.",
        "certain_candidates": "Coders saw only the certain candidates, not the less certain ones.",
        "computed": "The figures were computed with Webcare coding {app}, krippendorff {krippendorff} "
        "(Castro, "
        "2017), numpy {numpy}, scipy {scipy} and Python {python}.",
        "references_head": "References",
        "references": [*REFERENCES, (frozenset(), "Webcare coding ({app}) [Computer software].")],
    },
}
