"""Rules that a table constraint cannot say, kept by the database itself on SQLite and PostgreSQL.

A rule is: on which table and operations, the condition under which the write is refused, and the words of
the refusal. `{row}` stands for the written row (the old one for a delete). Rows are refused, never mended.

What one table repeats of another is a `Kept`: it is written by the database after every change of the other.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rule:
    name: str
    table: str
    operations: tuple[str, ...]
    refused_when: str
    message: str


_VARIABLE_OUTSIDE_VERSION = """not exists (
        select 1 from annotations_variable v
        join annotations_round r on r.codebook_version_id = v.version_id
        [of the row] and v.id = {row}.variable_id)"""


_OF_CODING = """join annotations_assignment a on a.round_id = r.id
        join annotations_coding c on c.assignment_id = a.id where c.id = {row}.coding_id"""
_OF_ROUND = "where r.id = {row}.round_id"
_CATEGORY_ELSEWHERE = """{row}.category_id is not null and not exists (
        select 1 from annotations_category k
        where k.id = {row}.category_id and k.variable_id = {row}.variable_id)"""
_OUTSIDE_TEXT = (
    """{row}."end" > (select length(m.text) from annotations_message m where m.id = {row}.message_id)"""
)
_OUTSIDE_CONVERSATION = """{row}.message_id is not null and not exists (
        select 1 from annotations_message m
        join annotations_assignment a on a.conversation_id = m.conversation_id
        join annotations_coding c on c.assignment_id = a.id
        where m.id = {row}.message_id and c.id = {row}.coding_id)"""
_CHOICE_ELSEWHERE = """not exists (
        select 1 from annotations_consensus s
        join annotations_category k on k.variable_id = s.variable_id
        where s.id = {row}.consensus_id and k.id = {row}.category_id)"""
_FROZEN = "exists (select 1 from annotations_codebookversion f where f.id = {id} and f.frozen_at is not null)"

WRITE = ("insert", "update")
CHANGE = ("update", "delete")

RULES = [
    Rule("event_append_only", "annotations_event", CHANGE, "1 = 1", "events are never changed"),
    Rule("decision_append_only", "annotations_decision", CHANGE, "1 = 1", "decisions are never changed"),
    Rule("frozen_for_good", "annotations_frozencoding", CHANGE, "1 = 1", "what is frozen is never changed"),
    Rule(
        "code_in_version",
        "annotations_code",
        WRITE,
        _VARIABLE_OUTSIDE_VERSION.replace("[of the row]", _OF_CODING),
        "the variable is not in the codebook version of the round",
    ),
    Rule(
        "code_category", "annotations_code", WRITE, _CATEGORY_ELSEWHERE, "the category is of another variable"
    ),
    Rule(
        "code_message",
        "annotations_code",
        WRITE,
        _OUTSIDE_CONVERSATION,
        "the message is in another conversation",
    ),
    Rule(
        "code_choice",
        "annotations_codecategory",
        WRITE,
        """not exists (
        select 1 from annotations_code d
        join annotations_category k on k.variable_id = d.variable_id
        where d.id = {row}.code_id and k.id = {row}.category_id)""",
        "the category is of another variable",
    ),
    Rule(
        "consensus_in_version",
        "annotations_consensus",
        WRITE,
        _VARIABLE_OUTSIDE_VERSION.replace("[of the row]", _OF_ROUND),
        "the variable is not in the codebook version of the round",
    ),
    Rule(
        "consensus_category_of_variable",
        "annotations_consensus",
        WRITE,
        _CATEGORY_ELSEWHERE,
        "the category is of another variable",
    ),
    Rule(
        "consensus_choice",
        "annotations_consensuscategory",
        WRITE,
        _CHOICE_ELSEWHERE,
        "the category is of another variable",
    ),
    Rule(
        "consensus_span_category",
        "annotations_consensusspan",
        WRITE,
        _CHOICE_ELSEWHERE,
        "the category is of another variable",
    ),
    Rule(
        "consensus_span_in_text",
        "annotations_consensusspan",
        WRITE,
        """not exists (
        select 1 from annotations_consensus s join annotations_message m on m.id = s.message_id
        where s.id = {row}.consensus_id and {row}."end" <= length(m.text))""",
        "the span ends outside the text",
    ),
    Rule("span_in_text", "annotations_span", WRITE, _OUTSIDE_TEXT, "the span ends outside the text"),
    Rule(
        "span_message",
        "annotations_span",
        WRITE,
        _OUTSIDE_CONVERSATION,
        "the message is in another conversation",
    ),
    Rule(
        "candidate_in_text",
        "annotations_candidate",
        WRITE,
        _OUTSIDE_TEXT,
        "the candidate ends outside the text",
    ),
    Rule(
        "variable_frozen",
        "annotations_variable",
        ("insert", "update", "delete"),
        _FROZEN.format(id="{row}.version_id"),
        "this codebook version is frozen",
    ),
    Rule(
        "category_frozen",
        "annotations_category",
        ("insert", "update", "delete"),
        _FROZEN.format(id="(select w.version_id from annotations_variable w where w.id = {row}.variable_id)"),
        "this codebook version is frozen",
    ),
]


@dataclass(frozen=True)
class Kept:
    """What is repeated of `columns` of a table: the update after each operation on one of its rows, and the
    one that puts right whatever was missed."""

    name: str
    table: str
    columns: tuple[str, ...]
    updates: dict[str, str]
    repair: str


_PROGRESS = """case when {row}.state = 'finished' then 'finished'
        when {row}.skipped_at is not null then 'skipped' else 'todo' end"""
_PROGRESS_NOW = """coalesce((select [as it stands] from annotations_coding c
        where c.assignment_id = annotations_assignment.id), 'todo')"""
_PROGRESS_NOW = _PROGRESS_NOW.replace("[as it stands]", _PROGRESS.format(row="c"))
_PROGRESS_WRITTEN = f"set progress = {_PROGRESS.format(row='new')} where id = new.assignment_id"

KEPT = [
    Kept(
        "assignment_progress",
        "annotations_coding",
        ("state", "skipped_at"),
        {
            "insert": _PROGRESS_WRITTEN,
            "update": _PROGRESS_WRITTEN,
            "delete": "set progress = 'todo' where id = old.assignment_id",
        },
        f"set progress = {_PROGRESS_NOW} where progress <> {_PROGRESS_NOW}",
    )
]


def create_statements(vendor: str) -> list[str]:
    """SQL that makes every rule, for `sqlite` or `postgresql`."""
    rules = [
        statement
        for rule in RULES
        for operation in rule.operations
        for statement in _create(rule, operation, vendor)
    ]
    return rules + [
        statement
        for kept in KEPT
        for operation in kept.updates
        for statement in _keep(kept, operation, vendor)
    ]


def drop_statements(vendor: str) -> list[str]:
    """SQL that removes every rule."""
    statements = []
    for name, table in _names():
        on_table = f" on {table}" if vendor == "postgresql" else ""
        statements.append(f"drop trigger if exists {name}{on_table}")
    return statements


def _names() -> list[tuple[str, str]]:
    """(name, table) of every trigger."""
    of_rules = [(f"{rule.name}_{verb}", rule.table) for rule in RULES for verb in rule.operations]
    return of_rules + [(f"{kept.name}_{verb}", kept.table) for kept in KEPT for verb in kept.updates]


def _create(rule: Rule, operation: str, vendor: str) -> list[str]:
    name = f"{rule.name}_{operation}"
    condition = rule.refused_when.format(row="old" if operation == "delete" else "new")
    if vendor == "sqlite":
        return [
            f"create trigger if not exists {name} before {operation} on {rule.table} "
            f"for each row when {condition} begin select raise(abort, '{rule.message}'); end"
        ]
    result = "old" if operation == "delete" else "new"
    return [
        f"create or replace function {name}() returns trigger language plpgsql as $$ begin "
        f"if {condition} then raise exception '{rule.message}' using errcode = 'check_violation'; end if; "
        f"return {result}; end $$",
        f"create or replace trigger {name} before {operation} on {rule.table} "
        f"for each row execute function {name}()",
    ]


def _keep(kept: Kept, operation: str, vendor: str) -> list[str]:
    name, update = f"{kept.name}_{operation}", f"update annotations_assignment {kept.updates[operation]}"
    event, when = operation, ""
    if operation == "update":
        event = f"update of {', '.join(kept.columns)}"
        unlike = "is not" if vendor == "sqlite" else "is distinct from"
        when = "when (" + " or ".join(f"old.{column} {unlike} new.{column}" for column in kept.columns) + ")"
    on_row = f"after {event} on {kept.table} for each row {when}"
    if vendor == "sqlite":
        return [f"create trigger if not exists {name} {on_row} begin {update}; end"]
    return [
        f"create or replace function {name}() returns trigger language plpgsql as $$ begin "
        f"{update}; return null; end $$",
        f"create or replace trigger {name} {on_row} execute function {name}()",
    ]


def tables() -> set[str]:
    return {table for _name, table in _names()}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Rules that are not there, or were switched off; none while the tables themselves are not all there."""
    if not tables() <= set(connection.introspection.table_names()):
        return []
    there = {
        "sqlite": "select name from sqlite_master where type = 'trigger'",
        "postgresql": "select tgname from pg_trigger where not tgisinternal and tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(there)
        found = {row[0] for row in cursor.fetchall()}
    return [name for name, _table in _names() if name not in found]


def ensure(connection: BaseDatabaseWrapper) -> list[str]:
    """Make what is missing again, such as after a migration that failed halfway; gives what was missing."""
    gone = missing(connection)
    if gone:
        log.error("Rules of the database were missing and are made again: %s", ", ".join(gone))
        with transaction.atomic(using=connection.alias):
            drop(connection)
            create(connection)
            _run(connection, [f"update annotations_assignment {kept.repair}" for kept in KEPT])
    return gone


def create(connection: BaseDatabaseWrapper) -> None:
    _run(connection, create_statements(connection.vendor))


def drop(connection: BaseDatabaseWrapper) -> None:
    _run(connection, drop_statements(connection.vendor))


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
