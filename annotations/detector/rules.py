"""The study's own rules for the detector: accepting, turning down, withdrawing, sharing. Their only writer.

Rules come in versions, counted per study: every change of the set makes the next version, and a
candidate found with it carries "detector version + version of the rules" (``2.0+3``). Scanning again is a
separate step.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..codebooks.lookup import lookup
from ..errors import BadInput
from ..importing.store.study_rules import as_rules, in_force, rules_version, version_of
from ..models import DetectorRule, Event, Study
from ..pii import Rule
from ..pii.rules import BadRule, checked

FORMAT = "webcare_coding detector rules"
MOST_RULES = 500


def check(study: Study, rule: Rule) -> Rule:
    """The rule as it can be used in this study; raises BadInput with one sentence where it cannot."""
    try:
        rule = checked(rule)
    except BadRule as why:
        raise BadInput(_problem(str(why))) from None
    variable = lookup(study.codebook_version_id).type_variable
    if variable is None or rule.info_type not in variable.by_key:
        raise BadInput(
            _("“%(type)s” is no kind of information in this study's codebook; choose one that is.")
            % {"type": rule.info_type}
        )
    return rule


def _problem(field: str) -> str:
    return {
        "word": _("The word before the value needs 2 to 40 characters, with a letter among them."),
        "shape": _(
            "The shape should describe at least three letters or digits, one of them a digit, such as "
            "A{2} 9{4}: A is a capital, a any letter, 9 a digit, {4} or {4,6} says how many."
        ),
        "type": _("Choose a kind of information."),
        "kind": _("A rule either finds or silences."),
    }[field]


@transaction.atomic
def accept(study: Study, rules: Sequence[Rule], *, actor_id: int) -> list[DetectorRule]:
    """Add these rules as one next version of the set; those that hold already are left alone."""
    Study.objects.select_for_update().get(pk=study.pk)
    usable = [check(study, rule) for rule in rules]
    holding = set(as_rules(in_force(study)))
    fresh = [rule for rule in dict.fromkeys(usable) if rule not in holding]
    if not fresh:
        return []
    if len(holding) + len(fresh) > MOST_RULES:
        raise BadInput(_("A study can have %(most)s rules; withdraw some first.") % {"most": MOST_RULES})
    number = rules_version(study) + 1
    added = []
    for rule in fresh:
        row, _created = DetectorRule.objects.update_or_create(
            study=study,
            kind=rule.kind,
            info_type=rule.info_type,
            word=rule.word,
            shape=rule.shape,
            withdrawn_in=None,
            defaults={"added_in": number, "created_by_id": actor_id},
        )
        added.append(row)
    _record(study, "detector.rules_added", number, len(added), actor_id)
    return added


@transaction.atomic
def turn_down(study: Study, rule: Rule, *, actor_id: int) -> None:
    """Remember that a proposal was turned down, so that it is not made again."""
    rule = check(study, rule)
    DetectorRule.objects.get_or_create(
        study=study,
        kind=rule.kind,
        info_type=rule.info_type,
        word=rule.word,
        shape=rule.shape,
        withdrawn_in=None,
        defaults={"created_by_id": actor_id},
    )
    _record(study, "detector.rule_turned_down", rules_version(study), 1, actor_id)


@transaction.atomic
def withdraw(study: Study, rule_id: int, *, actor_id: int) -> bool:
    """End a rule with the next version of the set; False where it does not hold any more."""
    Study.objects.select_for_update().get(pk=study.pk)
    number = rules_version(study) + 1
    rows = study.detector_rules.filter(pk=rule_id, added_in__isnull=False, withdrawn_in__isnull=True)
    if not rows.update(withdrawn_in=number):
        return False
    _record(study, "detector.rule_withdrawn", number, 1, actor_id)
    return True


def _record(study: Study, action: str, number: int, count: int, actor_id: int) -> None:
    Event.objects.record(
        action,
        actor_id=actor_id,
        study_id=study.pk,
        subject=study,
        after={"version": version_of(number), "rules": count},
    )


def as_file(rules: Sequence[Rule], version: str) -> str:
    """These rules of this version, as JSON to share with another study. Holds no text of messages."""
    rows = [
        {"kind": rule.kind, "info_type": rule.info_type, "word": rule.word, "shape": rule.shape}
        for rule in rules
    ]
    content: dict[str, Any] = {"format": FORMAT, "version": version, "rules": rows}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read_file(data: bytes) -> list[Rule]:
    """The rules of a shared file; raises BadInput with one sentence that says what is wrong with it."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadInput(_("This file is no JSON; choose a file that this page gave.")) from None
    rules = content.get("rules") if isinstance(content, dict) else None
    if not isinstance(rules, list) or content.get("format") != FORMAT:
        raise BadInput(_("This file holds no detector rules; choose a file that this page gave."))
    if len(rules) > MOST_RULES:
        raise BadInput(_("The file holds more than %(most)s rules.") % {"most": MOST_RULES})
    found = []
    for number, item in enumerate(rules, 1):
        values = (
            [item.get(key, "") for key in ("kind", "info_type", "word", "shape")]
            if isinstance(item, dict)
            else []
        )
        if len(values) != 4 or not all(isinstance(value, str) for value in values):
            raise BadInput(
                _("Rule %(number)s of the file is not written as a rule: kind, info_type, word, shape.")
                % {"number": number}
            )
        found.append(Rule(*values))
    return found
