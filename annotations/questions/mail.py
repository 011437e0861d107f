"""Tells by mail that something waits, where a mail server is set. Never what was asked, answered, posted."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from ..models import Membership, Question, Study

log = logging.getLogger(__name__)


def is_set() -> bool:
    return bool(settings.EMAIL_HOST)


def tell_supervisors(question: Question) -> None:
    study = question.assignment.round.study
    to_supervisors(study, _("A coder asks something in %(study)s") % {"study": study.name})


def to_supervisors(study: Study, subject: str) -> None:
    people = Membership.objects.filter(study=study, role=Membership.Role.SUPERVISOR, is_active=True)
    _later(list(people.values_list("user_id", flat=True)), subject)


def tell_asker(question: Question) -> None:
    subject = _("An answer to your question in %(study)s") % {"study": question.assignment.round.study.name}
    _later([question.assignment.coder_id], subject)


def _later(user_ids: list[int], subject: str) -> None:
    if is_set():
        body = _("Sign in to read it.")
        transaction.on_commit(lambda: send.enqueue(user_ids, " ".join(subject.split()), body))


@task()
def send(user_ids: list[int], subject: str, body: str) -> None:
    rows = User.objects.filter(pk__in=user_ids, is_active=True).exclude(email="")
    for address in rows.values_list("email", flat=True):
        try:
            send_mail(subject, body, None, [address])
        except OSError:
            log.warning("the mail server could not be reached")
