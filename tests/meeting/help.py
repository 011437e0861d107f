"""A study in which coders differ, and a meeting about it."""

from __future__ import annotations

from typing import Any

from annotations.meeting.choosing import Wish, choose
from annotations.meeting.lead import go_to
from annotations.meeting.prepare import begin, make_meeting
from annotations.models import Meeting, MeetingCase
from tests.adjudication.help import Scene, make_scene

YES, NO, UNCLEAR = ({"contains_pii": value} for value in ("yes", "no", "cannot_tell"))
TEXT = "Bel mij op 06-00000011, graag"


class Room:
    """Three coders: of the first message of `one` two say yes and one no; on `two` all differ."""

    def __init__(self, **fields: Any) -> None:
        self.scene: Scene = make_scene(3, **fields)
        self.study, self.chief, self.round = self.scene.study, self.scene.supervisor, self.scene.round
        self.noor, self.daan, self.emre = self.scene.coders
        self.one, self.two = (self.scene.conversation(TEXT, "Stuur een DM") for _ in range(2))
        same = {"solved": "fully"}
        self.scene.code(self.one, YES | same, YES | same, NO | same)
        self.scene.code(self.two, YES | same, NO | same, UNCLEAR | same)

    def prepare(self, count: int = 8, **wish: Any) -> Meeting:
        wished = Wish(self.round.pk, count=count, **wish)
        return make_meeting(
            self.study.pk,
            name="Vrijdag",
            minutes=60,
            people=3,
            round_=self.round,
            chosen=choose(self.round, wished)[0],
            questions=[],
            actor_id=self.chief.pk,
        )

    def on_the_wall(self, **wish: Any) -> MeetingCase:
        """A meeting that has begun, with its first case on the wall."""
        meeting = begin(self.prepare(**wish).pk, people=3, actor_id=self.chief.pk)
        case = meeting.cases.order_by("position")[0]
        go_to(meeting.pk, case.pk, revision=meeting.revision, actor_id=self.chief.pk)
        case.refresh_from_db()
        return case
