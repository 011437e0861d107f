"""The table of who may open what: one line for every address of the app.

A new address needs a line here, or tests/test_permissions.py fails. The line says who may use it (what a
stranger, a former member or another study's supervisor may see is the same everywhere: nothing) and with
which methods. Objects that the address names come from `World.objects`, by the name of the parameter and,
where one name means several things, by the name of the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Who(Enum):
    ANYBODY = "signed in or not"
    SIGNED_IN = "whoever is signed in"
    CREATOR = "administrators and whoever supervises a study"
    ADMINISTRATOR = "administrators of the installation"
    MEMBER = "supervisors and coders of the study"
    SUPERVISOR = "supervisors of the study"
    OWNER = "the one coder whose work it is"


@dataclass(frozen=True)
class Line:
    """`page`: a GET of it is a page that people look at (no file, fragment or JSON)."""

    who: Who
    methods: frozenset[str]
    page: bool


def _line(who: Who, methods: str, *, page: bool | None = None) -> Line:
    allowed = set(methods.split())
    if "GET" in allowed:
        allowed.add("HEAD")
    return Line(who, frozenset(allowed), "GET" in allowed if page is None else page)


EXPECTED: dict[str, Line] = {
    # the site
    "healthz": _line(Who.ANYBODY, "GET", page=False),
    "set_language": _line(Who.ANYBODY, "POST"),
    # accounts
    "login": _line(Who.ANYBODY, "GET POST"),
    "logout": _line(Who.SIGNED_IN, "POST"),
    "password_change": _line(Who.SIGNED_IN, "GET POST"),
    "password_change_done": _line(Who.SIGNED_IN, "GET"),
    "sign_in_link": _line(Who.ANYBODY, "GET POST"),
    "single_sign_on": _line(Who.ANYBODY, "GET", page=False),
    "single_sign_on_done": _line(Who.ANYBODY, "GET", page=False),
    "second_factor_code": _line(Who.SIGNED_IN, "GET POST", page=False),
    "account": _line(Who.SIGNED_IN, "GET"),
    "confirm": _line(Who.SIGNED_IN, "GET POST"),
    "session_end": _line(Who.SIGNED_IN, "POST"),
    "sessions_end": _line(Who.SIGNED_IN, "POST"),
    "second_factor": _line(Who.SIGNED_IN, "GET"),
    "second_factor_begin": _line(Who.SIGNED_IN, "POST"),
    "second_factor_confirm": _line(Who.SIGNED_IN, "POST"),
    "recovery_codes": _line(Who.SIGNED_IN, "POST"),
    "second_factor_remove": _line(Who.SIGNED_IN, "POST"),
    "members": _line(Who.SUPERVISOR, "GET"),
    "member_new": _line(Who.SUPERVISOR, "GET POST"),
    "member": _line(Who.SUPERVISOR, "GET"),
    "member_role": _line(Who.SUPERVISOR, "POST"),
    "member_active": _line(Who.SUPERVISOR, "POST"),
    "member_link": _line(Who.SUPERVISOR, "POST"),
    # studies
    "own_keys": _line(Who.SIGNED_IN, "GET POST"),
    "home": _line(Who.SIGNED_IN, "GET"),
    "study_new": _line(Who.CREATOR, "GET POST"),
    "study": _line(Who.MEMBER, "GET"),
    "study_settings": _line(Who.SUPERVISOR, "GET POST"),
    "codebook_upload": _line(Who.SUPERVISOR, "POST"),
    "organisations": _line(Who.SUPERVISOR, "GET"),
    "organisation_new": _line(Who.SUPERVISOR, "GET POST"),
    "organisation": _line(Who.SUPERVISOR, "GET POST"),
    "organisation_remove": _line(Who.SUPERVISOR, "POST"),
    "codebook": _line(Who.MEMBER, "GET"),
    "codebook_file": _line(Who.MEMBER, "GET", page=False),
    "log": _line(Who.SUPERVISOR, "GET"),
    # the next version of a codebook
    "codebook_draft": _line(Who.SUPERVISOR, "GET"),
    "codebook_draft_start": _line(Who.SUPERVISOR, "POST"),
    "codebook_draft_edit": _line(Who.SUPERVISOR, "POST"),
    "codebook_recode_standing": _line(Who.SUPERVISOR, "GET", page=False),
    "codebook_draft_hits": _line(Who.SUPERVISOR, "GET", page=False),
    "codebook_draft_touched": _line(Who.SUPERVISOR, "GET", page=False),
    "codebook_draft_file": _line(Who.SUPERVISOR, "GET", page=False),
    "codebook_draft_upload": _line(Who.SUPERVISOR, "POST"),
    "codebook_draft_give_up": _line(Who.SUPERVISOR, "POST"),
    "codebook_publish": _line(Who.SUPERVISOR, "GET POST"),
    "codebook_recode": _line(Who.SUPERVISOR, "GET POST"),
    "codebook_compare": _line(Who.SUPERVISOR, "GET"),
    "codebook_cases": _line(Who.SUPERVISOR, "GET POST"),
    "proposals": _line(Who.MEMBER, "GET"),
    "proposal_new": _line(Who.MEMBER, "POST"),
    "proposal_answer": _line(Who.SUPERVISOR, "POST"),
    "statement": _line(Who.MEMBER, "GET POST"),
    "absence": _line(Who.MEMBER, "GET POST"),
    "absence_remove": _line(Who.MEMBER, "POST"),
    "organising": _line(Who.SUPERVISOR, "GET"),
    "organising_statement": _line(Who.SUPERVISOR, "POST"),
    "organising_copy": _line(Who.SUPERVISOR, "POST"),
    "organising_state": _line(Who.SUPERVISOR, "POST"),
    # importing
    "import": _line(Who.SUPERVISOR, "GET POST"),
    "import_type": _line(Who.SUPERVISOR, "GET POST"),
    "import_batch": _line(Who.SUPERVISOR, "GET"),
    "import_progress": _line(Who.SUPERVISOR, "GET", page=False),
    "import_choices": _line(Who.SUPERVISOR, "POST"),
    "import_mapping_file": _line(Who.SUPERVISOR, "POST"),
    "import_mapping": _line(Who.SUPERVISOR, "GET", page=False),
    "import_start": _line(Who.SUPERVISOR, "POST"),
    "import_cancel": _line(Who.SUPERVISOR, "POST"),
    # conversations
    "conversations": _line(Who.SUPERVISOR, "GET POST"),
    "conversation": _line(Who.SUPERVISOR, "GET POST"),
    "account_role": _line(Who.SUPERVISOR, "POST"),
    "message_context": _line(Who.SUPERVISOR, "POST"),
    # staying sharp
    "watch": _line(Who.SUPERVISOR, "GET"),
    "watch_weave": _line(Who.SUPERVISOR, "POST"),
    "watch_again": _line(Who.SUPERVISOR, "POST"),
    "watch_twins": _line(Who.SUPERVISOR, "GET"),
    # training
    "training_own": _line(Who.MEMBER, "GET"),
    "training_new": _line(Who.SUPERVISOR, "GET POST"),
    "training_unit": _line(Who.OWNER, "GET"),
    "training_object": _line(Who.OWNER, "POST"),
    "training": _line(Who.SUPERVISOR, "GET"),
    "training_start": _line(Who.SUPERVISOR, "POST"),
    "training_pass": _line(Who.SUPERVISOR, "POST"),
    "training_key": _line(Who.SUPERVISOR, "GET POST"),
    # questions
    "questions": _line(Who.MEMBER, "GET"),
    "questions_count": _line(Who.MEMBER, "GET", page=False),
    "question": _line(Who.SUPERVISOR, "GET POST"),
    "question_read": _line(Who.OWNER, "POST"),
    "question_ask": _line(Who.OWNER, "POST"),
    # screening
    "screenings": _line(Who.MEMBER, "GET"),
    "screening_new": _line(Who.SUPERVISOR, "GET POST"),
    "screening": _line(Who.SUPERVISOR, "GET"),
    "screening_change": _line(Who.SUPERVISOR, "GET POST"),
    "screening_start": _line(Who.SUPERVISOR, "POST"),
    "screening_discard": _line(Who.SUPERVISOR, "POST"),
    "screening_progress": _line(Who.SUPERVISOR, "GET", page=False),
    "screening_settle": _line(Who.SUPERVISOR, "GET"),
    "screening_settle_unit": _line(Who.SUPERVISOR, "GET POST"),
    "screening_settle_reveal": _line(Who.SUPERVISOR, "POST", page=False),
    "screening_agreement": _line(Who.SUPERVISOR, "GET"),
    "screening_agreement_csv": _line(Who.SUPERVISOR, "GET", page=False),
    "screening_agreement_data": _line(Who.SUPERVISOR, "GET", page=False),
    "screening_agreement_units": _line(Who.SUPERVISOR, "GET"),
    "screening_agreement_unit": _line(Who.SUPERVISOR, "GET"),
    "screening_sample": _line(Who.SUPERVISOR, "POST"),
    "screening_compare": _line(Who.SUPERVISOR, "POST"),
    "screening_round": _line(Who.SUPERVISOR, "POST"),
    "screen": _line(Who.OWNER, "GET"),
    "screen_next": _line(Who.OWNER, "POST"),
    "screen_decide": _line(Who.OWNER, "POST"),
    "screen_undo": _line(Who.OWNER, "POST"),
    "screen_reveal": _line(Who.OWNER, "POST"),
    "screen_leave": _line(Who.OWNER, "POST"),
    # sampling
    "rounds": _line(Who.SUPERVISOR, "GET"),
    "round_new": _line(Who.SUPERVISOR, "GET POST"),
    "round": _line(Who.SUPERVISOR, "GET"),
    "round_add": _line(Who.SUPERVISOR, "GET POST"),
    "round_drawing": _line(Who.SUPERVISOR, "GET", page=False),
    "round_move": _line(Who.SUPERVISOR, "POST"),
    "round_share": _line(Who.SUPERVISOR, "POST"),
    "round_plan": _line(Who.SUPERVISOR, "GET POST"),
    "round_gate_open": _line(Who.SUPERVISOR, "POST"),
    "round_state": _line(Who.SUPERVISOR, "POST"),
    # coding
    "coding": _line(Who.MEMBER, "GET"),
    "coding_list": _line(Who.MEMBER, "GET"),
    "coding_unit": _line(Who.OWNER, "GET"),
    "coding_open": _line(Who.OWNER, "POST"),
    "coding_save": _line(Who.OWNER, "POST"),
    "coding_seconds": _line(Who.OWNER, "POST"),
    "coding_reveal": _line(Who.OWNER, "POST"),
    "coding_context": _line(Who.OWNER, "POST"),
    # detector
    "detector": _line(Who.SUPERVISOR, "GET"),
    "detector_rescan": _line(Who.SUPERVISOR, "POST"),
    "detector_rescan_progress": _line(Who.SUPERVISOR, "GET", page=False),
    "detector_misses": _line(Who.SUPERVISOR, "GET"),
    "detector_rules": _line(Who.SUPERVISOR, "GET"),
    "detector_rule": _line(Who.SUPERVISOR, "GET"),
    "detector_rule_accept": _line(Who.SUPERVISOR, "POST"),
    "detector_rule_turn_down": _line(Who.SUPERVISOR, "POST"),
    "detector_rule_withdraw": _line(Who.SUPERVISOR, "POST"),
    "detector_rules_file": _line(Who.SUPERVISOR, "GET", page=False),
    "detector_rules_take": _line(Who.SUPERVISOR, "POST"),
    # adjudication
    "disagreements": _line(Who.SUPERVISOR, "GET"),
    "disagreements_count": _line(Who.SUPERVISOR, "GET", page=False),
    "decision_log": _line(Who.SUPERVISOR, "GET"),
    "decision_log_csv": _line(Who.SUPERVISOR, "GET", page=False),
    "settled_cases": _line(Who.MEMBER, "GET", page=False),
    # meetings
    "meetings": _line(Who.SUPERVISOR, "GET POST"),
    "meeting_now": _line(Who.MEMBER, "GET POST"),
    "meeting": _line(Who.SUPERVISOR, "GET POST"),
    "meeting_agenda": _line(Who.SUPERVISOR, "GET"),
    "meeting_minutes": _line(Who.SUPERVISOR, "GET"),
    "meeting_minutes_docx": _line(Who.SUPERVISOR, "GET", page=False),
    "meeting_wall": _line(Who.SUPERVISOR, "GET"),
    "meeting_act": _line(Who.SUPERVISOR, "POST"),
    "meeting_outcome": _line(Who.SUPERVISOR, "POST"),
    "meeting_reveal": _line(Who.SUPERVISOR, "POST", page=False),
    "settle": _line(Who.SUPERVISOR, "GET POST"),
    "settle_reveal": _line(Who.SUPERVISOR, "POST"),
    # reliability
    "reliability": _line(Who.SUPERVISOR, "GET"),
    "reliability_csv": _line(Who.SUPERVISOR, "GET", page=False),
    "reliability_methods": _line(Who.SUPERVISOR, "GET"),
    "reliability_data": _line(Who.SUPERVISOR, "GET", page=False),
    "reliability_time": _line(Who.SUPERVISOR, "GET"),
    "reliability_variable": _line(Who.SUPERVISOR, "GET"),
    "reliability_units": _line(Who.SUPERVISOR, "GET"),
    "reliability_unit": _line(Who.SUPERVISOR, "GET"),
    # results and exports
    "results": _line(Who.SUPERVISOR, "GET"),
    "results_csv": _line(Who.SUPERVISOR, "GET", page=False),
    "comparison_results": _line(Who.SUPERVISOR, "GET"),
    "comparison_csv": _line(Who.SUPERVISOR, "GET", page=False),
    "results_table": _line(Who.SUPERVISOR, "GET"),
    "results_units": _line(Who.SUPERVISOR, "GET"),
    "results_cases": _line(Who.SUPERVISOR, "GET"),
    "save_table": _line(Who.SUPERVISOR, "POST"),
    "saved_table": _line(Who.SUPERVISOR, "GET"),
    "change_table": _line(Who.SUPERVISOR, "POST"),
    "report": _line(Who.SUPERVISOR, "GET"),
    "report_docx": _line(Who.SUPERVISOR, "GET", page=False),
    "quotations": _line(Who.SUPERVISOR, "GET"),
    "quotation_new": _line(Who.SUPERVISOR, "GET POST"),
    "quotation_check": _line(Who.SUPERVISOR, "POST"),
    "quotation": _line(Who.SUPERVISOR, "GET POST"),
    "advice": _line(Who.SUPERVISOR, "GET"),
    "advice_docx": _line(Who.SUPERVISOR, "GET", page=False),
    "figure": _line(Who.SUPERVISOR, "GET", page=False),
    "export": _line(Who.SUPERVISOR, "GET POST"),
    "export_file": _line(Who.SUPERVISOR, "GET", page=False),
    "export_progress": _line(Who.SUPERVISOR, "GET", page=False),
    "export_delete": _line(Who.SUPERVISOR, "POST"),
    "archive": _line(Who.SUPERVISOR, "GET POST"),
    "arrivals": _line(Who.ADMINISTRATOR, "GET POST"),
    "arrival": _line(Who.ADMINISTRATOR, "GET"),
    "arrival_forget": _line(Who.ADMINISTRATOR, "POST"),
    "codings": _line(Who.SUPERVISOR, "GET POST"),
    "codings_upload": _line(Who.SUPERVISOR, "GET"),
    "codings_columns": _line(Who.SUPERVISOR, "POST"),
    "codings_draft": _line(Who.SUPERVISOR, "POST"),
    "codings_store": _line(Who.SUPERVISOR, "POST"),
    "codings_delete": _line(Who.SUPERVISOR, "POST"),
}
