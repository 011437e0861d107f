import sys
from typing import Any, TypedDict

from django.core.management.base import CommandParser
from django.db import transaction

from annotations.accounts.links import make_link
from annotations.accounts.members import add_member
from annotations.accounts.passwords import set_first_password
from annotations.management.clear import ClearCommand, study_named
from annotations.management.links import add_address_argument, address_of
from annotations.models import Membership


class Answer(TypedDict):
    study: str
    username: str
    role: str
    pseudonym: str
    link: str | None
    link_expires_at: str | None


class Command(ClearCommand):
    help = (
        "Gives a person a role in a study, and makes the account where needed. Who has no password yet gets "
        "a one-time sign-in link, which is printed here and kept nowhere, unless --password-stdin sets one. "
        "Who is a member already gets this role."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the study")
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=Membership.Role.values)
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password of a new person from standard input; at least 12 characters",
        )
        parser.add_argument("--name", default="", help="the name of a new person, for supervisors to see")
        add_address_argument(parser)

    def answer(
        self, *, slug: str, username: str, role: str, name: str, password_stdin: bool, **options: Any
    ) -> Answer:
        study = study_named(slug)
        with transaction.atomic():
            member = add_member(study, username, role, actor_id=None, full_name=name)
            if password_stdin:
                set_first_password(member.user_id, sys.stdin.readline().rstrip("\r\n"))
                member.user.refresh_from_db()
            made = None
            if not member.user.has_usable_password():
                made = make_link(member.user_id, actor_id=None, study_id=study.pk)
        return Answer(
            study=slug,
            username=member.user.get_username(),
            role=member.role,
            pseudonym=member.pseudonym,
            link=address_of(made.token, options["address"]) if made else None,
            link_expires_at=made.expires_at.isoformat() if made else None,
        )

    def show(self, answer: Answer, **options: Any) -> None:
        self.stdout.write(
            f"{answer['username']} is {answer['role']} in {answer['study']}, as {answer['pseudonym']}."
        )
        if answer["link"]:
            self.stdout.write("One-time sign-in link, shown only now, for seven days:")
            self.stdout.write(answer["link"])
