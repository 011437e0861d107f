"""The sentences of the log: per action who did what, where, and from which answer to which.

Slots: `who`; `where` (the conversation or message, a link on the page); `round`, `organisation` and `user` by
name; `variable`, `old` and `new` of an answer, in the words of the codebook; and every field of
log_words.FIELDS. What no slot names follows the sentence.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Any] = {
    "study.created": _("{who} made the study"),
    "study.changed": _("{who} changed the settings of the study"),
    "codebook.loaded": _("{who} loaded a codebook"),
    "codebook.draft_started": _("{who} began a draft of the codebook's next version"),
    "codebook.draft_given_up": _("{who} gave up the draft of the codebook's next version"),
    "codebook.published": _("{who} published a next version of the codebook"),
    "proposal.made": _("{who} proposed something for the codebook"),
    "proposal.answered": _("{who} answered a proposal for the codebook"),
    "case.checked": _("{who} looked again at a settled case under a new version of the codebook"),
    "round.recoding": _("{who} had what a change of the codebook touched coded again in the round “{round}”"),
    "codings.carried": _("{who} had answers carried over into the round “{round}”"),
    "codebook.changed": _("{who} chose another codebook version for the study"),
    "organisation.added": _("{who} added the organisation “{organisation}”"),
    "organisation.changed": _("{who} changed the organisation “{organisation}”"),
    "organisation.removed": _("{who} removed the organisation “{organisation}”"),
    "member.added": _("{who} added {user} to the study as {role}"),
    "member.changed": _("{who} changed the membership of {user}"),
    "link.made": _("{who} made a sign-in link for {user}"),
    "link.used": _("{who} signed in with a link"),
    "import.started": _("{who} started an import"),
    "import.done": _("{who} imported conversations"),
    "import.failed": _("An import of {who} failed"),
    "import.cancelled": _("{who} cancelled an import"),
    "mapping.saved": _("{who} kept a column mapping for later imports"),
    "conversation.viewed": _("{who} read {where}"),
    "account.changed": _("{who} changed what is known of an account"),
    "account.guessed_again": _(
        "Changed handles of “{organisation}” made the roles of accounts be guessed again, on behalf of {who}"
    ),
    "conversation.renewed": _("{who} had the facts of conversations worked out again"),
    "message.context_filled": _("{who} filled in what was unknown of {where}"),
    "selection.saved": _("{who} saved a selection of conversations"),
    "selection.renamed": _("{who} renamed a selection of conversations"),
    "selection.changed": _("{who} replaced the filters of a selection of conversations"),
    "selection.deleted": _("{who} deleted a selection of conversations"),
    "quotation.written": _("{who} put a message of {where} in other words, to quote it"),
    "quotation.changed": _("{who} changed the quotation of a message of {where}"),
    "quotation.deleted": _("{who} deleted the quotation of a message of {where}"),
    "round.created": _("{who} made the round “{name}”"),
    "round.opened": _("{who} opened the round “{round}”"),
    "round.closed": _("{who} closed the round “{round}”"),
    "round.planned": _("{who} planned the round “{round}”"),
    "gate.set": _("{who} chose what the round “{round}” waits for"),
    "gate.removed": _("{who} let the round “{round}” wait for nothing"),
    "gate.opened": _("{who} opened the round “{round}”: agreement reached its threshold"),
    "gate.opened_with_reason": _("{who} opened the round “{round}” below its threshold"),
    "statement.changed": _("{who} changed the statement of confidentiality"),
    "statement.accepted": _("{who} accepted the statement of confidentiality"),
    "study.state": _("{who} changed whether the study is closed"),
    "study.copied": _("{who} made the study from the set-up of another"),
    "round.woven": _("{who} wove units into a round, as “{round}”"),
    "round.followed_again": _("{who} dealt with an alarm about agreement in the round “{round}”"),
    "absence.added": _("{who} entered that {user} is away"),
    "absence.removed": _("{who} took away that {user} is away"),
    "training.set_up": _("{who} set up the training “{round}”"),
    "training.started": _("{who} started the training “{round}”"),
    "training.passed": _("{who} passed the training “{round}”"),
    "training.failed": _("{who} did not pass an attempt at the training “{round}”"),
    "training.let_pass": _("{who} let a coder go on from the training “{round}” with a reason"),
    "question.asked": _("{who} asked something about {where}"),
    "question.answered": _("{who} answered a question about {where}"),
    "question.made_rule": _("{who} answered a question about {where} with a rule for every coder"),
    "meeting.prepared": _("{who} prepared a meeting"),
    "meeting.cases_added": _("{who} added cases to a meeting"),
    "meeting.case_taken_out": _("{who} took a case out of a meeting"),
    "meeting.case_moved": _("{who} moved a case of a meeting"),
    "meeting.begun": _("{who} began a meeting"),
    "meeting.ended": _("{who} ended a meeting"),
    "meeting.case_shown": _("{who} showed a case in a meeting"),
    "meeting.votes_shown": _("{who} showed the votes in a meeting"),
    "meeting.vote_again": _("{who} let people vote again in a meeting"),
    "meeting.people_changed": _("{who} changed how many people vote in a meeting"),
    "meeting.case_decided": _("{who} recorded the outcome of a case in a meeting, about {where}"),
    "conversations.assigned": _("{who} assigned conversations in the round “{round}”"),
    "assignments.taken_back": _("{who} took assigned conversations back from a coder in the round “{round}”"),
    "assignments.moved": _("{who} moved assigned conversations from {from} to {to} in the round “{round}”"),
    "assignments.shared": _(
        "{who} assigned the conversations that everybody codes to {coder} in the round “{round}”"
    ),
    "screening.created": _("{who} set up the screening “{name}”"),
    "screening.changed": _("{who} changed the plan of the screening “{name}”"),
    "screening.discarded": _("{who} threw away the plan of the screening “{name}”"),
    "screening.started": _("{who} froze and started the screening “{name}”"),
    "screening.decided": _("{who} screened {where}"),
    "screening.undone": _("{who} took back an answer about {where} while screening"),
    "screening.settled": _("{who} settled {where} for a screening"),
    "screening.ended": _("A search ended with an answer of {who}"),
    "screening.reopened": _("A search goes on after a change by {who}"),
    "screening.sample_asked": _("{who} had a sample without candidates drawn"),
    "comparison.drawn": _("{who} drew a comparison sample"),
    "coding.started": _("{who} opened {where}"),
    "coding.finished": _("{who} finished {where}"),
    "coding.reopened": _("{who} reopened {where}"),
    "coding.skipped": _("{who} skipped {where} for now"),
    "coding.frozen": _("{who} reopened {where} after a decision, and agreement keeps the codes from before"),
    "contradiction.kept": _("{who} kept answers in {where} that contradict each other by the rule “{rule}”"),
    "contradiction.resolved": _(
        "Answers of {who} in {where} do not contradict each other any more by the rule “{rule}”"
    ),
    "contradictions.imported": _("{who} imported contradictions that coders kept"),
    "codings.imported": _("{who} imported codings into the round “{round}”"),
    "codings.extended": _("{who} added to codings of the round “{round}” from a file"),
    "code.saved": _("{who} answered “{variable}” with “{new}” in {where}"),
    "code.not_asked": _(
        "“{variable}” became “{new}” in {where}, because another answer of {who} made it not apply"
    ),
    "code.left_open": _("{who} left “{variable}” open in {where}, so that it became “{new}”"),
    "code.asked_again": _("“{variable}” is asked again in {where}, because {who} changed another answer"),
    "span.added": _("{who} marked {place} as a fragment in {where}"),
    "span.moved": _("{who} moved the boundaries of a fragment in {where}"),
    "span.removed": _("{who} removed the fragment at {place} in {where}"),
    "study.rescanned": _("{who} had candidates looked for again"),
    "detector.quoted": _("{who} looked at fragments that the detector missed or proposed in vain"),
    "detector.rules_added": _("{who} added rules to the detector"),
    "detector.rule_turned_down": _("{who} turned a proposed detector rule down"),
    "detector.rule_withdrawn": _("{who} withdrew a detector rule"),
    "candidate.decided": _("{who} decided on a candidate in {where}: {decision}"),
    "candidate.undecided": _("{who} made a candidate open again in {where}"),
    "consensus.settled": _("{who} settled “{variable}” on “{new}” in {where}"),
    "consensus.imported": _("{who} imported settled values for the round “{round}”"),
    "consensus.changed": _("{who} changed a decision in {where}"),
    "consensus.withdrawn": _("{who} took back the decision on “{variable}” in {where}, which was “{old}”"),
    "study.exported": _("{who} made an export"),
    "export.downloaded": _("{who} downloaded an export"),
    "archive.made": _("{who} made an archive of the whole study"),
    "archive.loaded": _("{who} loaded the study from an archive"),
    "message.revealed": _("{who} looked at the hidden text of {where}"),
    "conversation.revealed": _("{who} looked at the hidden texts of {where}"),
}

CHANGED: dict[str, Any] = {
    "code.saved": _("{who} changed “{variable}” from “{old}” to “{new}” in {where}"),
    "code.left_open": _("{who} changed “{variable}” from “{old}” to “{new}” in {where} by leaving it open"),
    "code.not_asked": _(
        "“{variable}” went from “{old}” to “{new}” in {where}, because another answer of "
        "{who} made it not apply"
    ),
    "consensus.settled": _("{who} changed the decision on “{variable}” from “{old}” to “{new}” in {where}"),
}
"""Used instead of the sentence above when the answer replaced another one."""

UNNAMED = _("{who} did “{action}”")
"""For an action without a sentence of its own."""
