"""A small codebook with one of everything, for tests that change one line of it."""

BOOK = """\
codebook:
  key: small
  version: 1.0.0
  title: {nl: Klein boek, en: Small book}
  languages: [nl, en]
  default_language: nl
  missing_codes:
    '97': {nl: Niet van toepassing, en: Not applicable}
    '98': {nl: Niet vast te stellen, en: Cannot be determined}
    '99': {nl: Niet gecodeerd, en: Not coded}
modules:
  - key: basis
    label: {nl: Basis, en: Basics}
    default_on: true
  - key: extra
    label: {nl: Extra, en: Extra}
    default_on: false
variables:
  - key: kind_of_span
    module: basis
    level: span
    kind: single
    required: true
    label: {nl: Soort, en: Type}
    definition: {nl: Welke soort?, en: Which type?}
    categories:
      - {key: phone, code: 1, shortcut: t, label: {nl: Telefoon, en: Phone}}
      - {key: bsn, code: 2, shortcut: b, label: {nl: BSN, en: BSN}}
  - key: has_data
    module: basis
    level: message
    kind: single
    required: true
    label: {nl: Gegevens, en: Data}
    definition: {nl: Staan er gegevens in?, en: Does it hold data?}
    categories:
      - {key: 'yes', code: 1, shortcut: y, label: {nl: Ja, en: 'Yes'}}
      - {key: 'no', code: 2, shortcut: n, label: {nl: Nee, en: 'No'}}
      - {key: cannot_tell, code: 98, shortcut: '0', label: {nl: Onbekend, en: Unknown}}
  - key: answered
    module: basis
    level: message
    kind: boolean
    applies_to: consumer
    required_if: {has_data: ['yes']}
    label: {nl: Beantwoord, en: Answered}
    definition: {nl: Is er antwoord?, en: Is there an answer?}
  - key: acts
    module: basis
    level: message
    kind: multi
    applies_to: consumer
    required: true
    show_if: {has_data: ['yes'], answered: ['yes']}
    label: {nl: Handelingen, en: Acts}
    definition: {nl: Welke handelingen?, en: Which acts?}
    categories:
      - {key: thanks, code: 1, shortcut: '1', label: {nl: Dank, en: Thanks}}
      - {key: apology, code: 2, shortcut: '2', label: {nl: Excuses, en: Apology}}
      - {key: none, code: 3, shortcut: '9', label: {nl: Geen, en: None}}
  - key: asks
    module: basis
    level: message
    kind: boolean
    applies_to: organisation
    label: {nl: Vraagt, en: Asks}
    definition: {nl: Vraagt het iets?, en: Does it ask?}
  - key: outcome
    module: basis
    level: conversation
    kind: single
    scale: ordinal
    required: true
    show_if: {has_data: ['yes'], answered: ['no']}
    label: {nl: Afloop, en: Outcome}
    definition: {nl: Hoe loopt het af?, en: How does it end?}
    categories:
      - {key: bad, code: 1, label: {nl: Slecht, en: Bad}}
      - {key: good, code: 2, label: {nl: Goed, en: Good}}
  - key: wait
    module: basis
    level: conversation
    kind: number
    show_if: {outcome: ['*']}
    min: 0
    max: 100.5
    unit: minute
    label: {nl: Wachttijd, en: Waiting time}
    definition: {nl: Hoelang?, en: How long?}
  - key: bsn_seen
    module: extra
    level: conversation
    kind: boolean
    show_if: {kind_of_span: [bsn]}
    label: {nl: BSN gezien, en: BSN seen}
    definition: {nl: Gezien?, en: Seen?}
  - key: note
    module: basis
    level: message
    kind: text
    reliability: false
    label: {nl: Notitie, en: Note}
    definition: {nl: Vrij., en: Free.}
"""


def line_of(text: str, needle: str) -> int:
    """The number of the last line that holds ``needle``."""
    return max(number for number, line in enumerate(text.splitlines(), 1) if needle in line)
