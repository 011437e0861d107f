from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.core.management.base import CommandParser

from annotations.accounts.open_sessions import end_sessions
from annotations.accounts.second_factor import remove
from annotations.errors import BadInput
from annotations.management.clear import ClearCommand


class Answer(TypedDict):
    username: str
    sessions_ended: int


class Command(ClearCommand):
    help = (
        "Takes the second factor of a person away who lost the phone and the recovery codes. Be sure who "
        "asks: after this the password alone is enough. Every session of the person ends."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def answer(self, *, username: str, **options: Any) -> Answer:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise BadInput(f"There is no person {username}.")
        remove(person.pk, actor_id=None)
        return Answer(username=username, sessions_ended=end_sessions(person.pk))

    def show(self, answer: Answer, **options: Any) -> None:
        self.stdout.write(
            f"{answer['username']} signs in with the password alone from now on; "
            f"{answer['sessions_ended']} sessions ended."
        )
