"""Rules that the database itself keeps, whatever the code above it does."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from annotations.codebooks.store import store_codebook
from annotations.coding.answers import CONVERSATION
from annotations.coding.save import save_answer
from annotations.models import (
    Category,
    Code,
    CodeCategory,
    Coding,
    Consensus,
    ConsensusCategory,
    ConsensusSpan,
    Decision,
    Event,
    Membership,
    Message,
    Variable,
    triggers,
)
from annotations.models.triggers import RULES
from tests.factories import (
    SMALL_CODEBOOK,
    make_candidate,
    make_coding,
    make_conversation,
    make_member,
    make_round,
    make_study,
)

pytestmark = pytest.mark.django_db


def refused():
    return pytest.raises(IntegrityError)


@pytest.fixture
def coding():
    study = make_study()
    return make_coding(make_conversation(study, "Bel 06-00000011"), make_member(study, "noor"))


@pytest.fixture
def message(coding):
    return coding.assignment.conversation.messages.get()


def category(variable, key):
    return Category.objects.get(variable__key=variable, key=key)


def give(coding, key="fully"):
    coder_id = coding.assignment.coder_id
    save_answer(coding.pk, actor_id=coder_id, key=CONVERSATION, variable="solved", value=key, revision=0)


def test_every_rule_stands_in_the_database():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("select name from sqlite_master where type = 'trigger'")
        else:
            cursor.execute("select tgname from pg_trigger where not tgisinternal")
        names = {name for (name,) in cursor.fetchall()}
    assert {f"{rule.name}_{operation}" for rule in RULES for operation in rule.operations} <= names


def test_migrating_again_keeps_the_rules():
    call_command("migrate", verbosity=0)
    test_every_rule_stands_in_the_database()


def test_events_are_never_changed_or_removed(coding):
    event = Event.objects.create(action="test.done")
    with refused(), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(action="test.undone")
    with refused(), transaction.atomic():
        event.delete()


def test_a_codebook_version_is_frozen_by_its_first_code(coding):
    Variable.objects.filter(key="solved").update(label={"nl": "Anders"})
    give(coding)
    with refused(), transaction.atomic():
        Variable.objects.filter(key="solved").update(label={"nl": "Nog anders"})
    with refused(), transaction.atomic():
        Category.objects.filter(key="partly").delete()


def test_no_code_lies_outside_the_codebook_version_of_its_round(coding, message):
    other = store_codebook(SMALL_CODEBOOK.replace("version: 1.0.0", "version: 2.0.0"))
    variable = other.variables.get(key="solved")
    with refused(), transaction.atomic():
        Code.objects.create(coding=coding, variable=variable, category=variable.categories.first())
    with refused(), transaction.atomic():
        Consensus.objects.create(
            round=coding.assignment.round,
            conversation=coding.assignment.conversation,
            variable=variable,
            category=variable.categories.first(),
            decided_by=coding.assignment.coder,
        )


def test_a_category_of_another_variable_is_refused(coding, message):
    wrong = category("contains_pii", "yes")
    with refused(), transaction.atomic():
        Code.objects.create(coding=coding, variable=Variable.objects.get(key="solved"), category=wrong)
    channels = Code.objects.create(
        coding=coding, variable=Variable.objects.get(key="channels"), message=message
    )
    with refused(), transaction.atomic():
        CodeCategory.objects.create(code=channels, category=wrong)


def test_a_question_has_one_answer_per_coder_and_unit(coding, message):
    answer = category("contains_pii", "yes")
    Code.objects.create(coding=coding, variable=answer.variable, category=answer, message=message)
    with refused(), transaction.atomic():
        Code.objects.create(coding=coding, variable=answer.variable, category=answer, message=message)
    give(coding)
    solved = category("solved", "not")
    with refused(), transaction.atomic():
        Code.objects.create(coding=coding, variable=solved.variable, category=solved)


def test_an_answer_is_one_value_of_one_kind(coding):
    solved = category("solved", "not")
    with refused(), transaction.atomic():
        Code.objects.create(coding=coding, variable=solved.variable, category=solved, missing=98)
    with refused(), transaction.atomic():
        Code.objects.create(coding=coding, variable=solved.variable, missing=96)


def test_a_candidate_stays_inside_the_text(message):
    candidate = make_candidate(message, "06-00000011", "phone")
    candidate.pk = None
    candidate.end = len(message.text) + 1
    with refused(), transaction.atomic():
        candidate.save(force_insert=True)


def test_a_placeholder_holds_no_text(message):
    with refused(), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state="deleted")


def test_a_coder_who_leaves_takes_nothing_along(coding):
    give(coding)
    with pytest.raises(ProtectedError):
        coding.assignment.coder.delete()
    with pytest.raises(ProtectedError):
        coding.assignment.conversation.delete()
    with pytest.raises(ProtectedError):
        Variable.objects.get(key="solved").delete()
    Membership.objects.update(is_active=False)
    assert Coding.objects.count() == 1


def test_decisions_are_never_changed(coding):
    solved = category("solved", "not")
    consensus = Consensus.objects.create(
        round=make_round(coding.assignment.round.study),
        conversation=coding.assignment.conversation,
        variable=solved.variable,
        category=solved,
        decided_by=coding.assignment.coder,
    )
    decision = Decision.objects.create(
        consensus=consensus, revision=1, value="not", decided_by=coding.assignment.coder
    )
    with refused(), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(reason="anders")


def test_rules_that_a_failed_migration_left_out_are_told_and_made_again(monkeypatch, caplog):
    triggers.drop(connection)
    complaints = run_checks(tags=[Tags.database], databases=["default"])
    assert [found.id for found in complaints] == ["annotations.E001"]
    assert "event_append_only_update" in complaints[0].msg
    assert len(triggers.ensure(connection)) == sum(len(rule.operations) for rule in RULES) + 3
    assert triggers.missing(connection) == triggers.ensure(connection) == []
    assert not run_checks(tags=[Tags.database], databases=["default"])
    assert "made again" in caplog.text


def test_one_rule_that_is_gone_is_noticed():
    rule = next(rule for rule in RULES if rule.name == "code_category")
    on_table = f" on {rule.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"drop trigger code_category_insert{on_table}")
    assert triggers.ensure(connection) == ["code_category_insert"]


def test_preparing_makes_them_again_also_where_the_migration_fails(monkeypatch):
    from annotations.management.commands import prepare

    def fails(*args, **kwargs):
        triggers.drop(connection)
        raise RuntimeError("halfway")

    monkeypatch.setattr(prepare, "call_command", fails)
    with pytest.raises(RuntimeError):
        prepare.Command().handle(empty=True)
    assert triggers.missing(connection) == []


def test_the_server_and_the_worker_make_them_again_when_they_start(monkeypatch):
    from annotations.management.commands import db_worker

    monkeypatch.setattr(connection, "close", lambda: None)
    triggers.drop(connection)
    from webcare_coding import wsgi  # a server that starts

    assert triggers.missing(connection) == []
    triggers.drop(connection)
    wsgi._ensure_rules()
    assert triggers.missing(connection) == []
    triggers.drop(connection)
    monkeypatch.setattr(db_worker.DatabaseWorker, "handle", lambda self, **options: None)
    db_worker.Command().handle()
    assert triggers.missing(connection) == []


@pytest.fixture
def consensus(coding, message):
    return Consensus.objects.create(
        round=coding.assignment.round,
        conversation=message.conversation,
        message=message,
        variable=Variable.objects.get(key="info_type"),
        decided_by=coding.assignment.coder,
    )


def test_a_settled_choice_is_a_category_of_its_own_variable(consensus):
    with refused(), transaction.atomic():
        ConsensusCategory.objects.create(consensus=consensus, category=category("solved", "fully"))
    ConsensusCategory.objects.create(consensus=consensus, category=category("info_type", "phone"))


def test_a_settled_fragment_stays_inside_the_text_and_has_a_type_of_its_own_variable(consensus, message):
    phone, end = category("info_type", "phone"), len(message.text)
    with refused(), transaction.atomic():
        ConsensusSpan.objects.create(consensus=consensus, start=0, end=end + 1, category=phone)
    with refused(), transaction.atomic():
        ConsensusSpan.objects.create(
            consensus=consensus, start=0, end=end, category=category("solved", "fully")
        )
    span = ConsensusSpan.objects.create(consensus=consensus, start=0, end=end, category=phone)
    with refused(), transaction.atomic():
        ConsensusSpan.objects.filter(pk=span.pk).update(end=end + 1)
