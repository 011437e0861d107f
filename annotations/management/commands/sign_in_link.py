from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.core.management.base import CommandParser
from django.db import transaction

from annotations.accounts.links import make_link
from annotations.accounts.members import let_in
from annotations.errors import BadInput
from annotations.management.clear import ClearCommand
from annotations.management.links import add_address_argument, address_of


class Answer(TypedDict):
    username: str
    link: str
    link_expires_at: str


class Command(ClearCommand):
    help = (
        "Prints a new one-time sign-in link for a person, with which they choose a new password: for whom a "
        "supervisor may not make one (administrators, members of several people's studies). Older links stop."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--let-in",
            action="store_true",
            help="the person came with a study archive, and may sign in from now on",
        )
        add_address_argument(parser)

    @transaction.atomic
    def answer(self, *, username: str, address: str, **options: Any) -> Answer:
        if options["let_in"]:
            let_in(username)
        person = User.objects.filter(username=username).first()
        if person is None:
            raise BadInput(f"There is no person {username}.")
        if not person.is_active:
            raise BadInput(f"The account {username} is closed, so a link would not work.")
        made = make_link(person.pk, actor_id=None)
        return Answer(
            username=username,
            link=address_of(made.token, address),
            link_expires_at=made.expires_at.isoformat(),
        )

    def show(self, answer: Answer, **options: Any) -> None:
        self.stdout.write("One-time sign-in link, shown only now, for seven days:")
        self.stdout.write(answer["link"])
