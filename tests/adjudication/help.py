"""Rounds on which coders differ, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from annotations.coding.answers import CONVERSATION
from annotations.coding.save import ImportedCoding, ImportedSpan, store_imported
from annotations.models import Conversation, Message, Round, Study
from tests.factories import assign, make_conversation, make_member, make_round, make_study

TEXT = "@ZwaluwlijnHulp bel 06-00000011 of mail kees@voorbeeld.invalid 😅"


@dataclass
class Scene:
    """A study with a supervisor (sara) and coders who finish what they code."""

    study: Study
    supervisor: User
    coders: list[User]

    @property
    def round(self) -> Round:
        return make_round(self.study)

    def conversation(self, *texts: str) -> Conversation:
        return make_conversation(self.study, *(texts or (TEXT, "Wil je je tweet verwijderen?")))

    def code(
        self,
        conversation: Conversation,
        *answers: Mapping[str, Any],
        spans: tuple[tuple[tuple[int, int, str], ...], ...] = (),
        finished: bool = True,
    ) -> Message:
        """Coder 1, 2, … give these answers about the first message, and about the whole conversation."""
        message = conversation.messages.order_by("position")[0]
        items = []
        for place, given in enumerate(answers):
            whole = {key: value for key, value in given.items() if key in {"solved", "waiting_days", "note"}}
            items.append(
                ImportedCoding(
                    assign(conversation, self.coders[place]),
                    answers={
                        CONVERSATION: whole,
                        ("message", message.pk): {k: v for k, v in given.items() if k not in whole},
                    },
                    spans=[
                        ImportedSpan(message.pk, start, end, {"info_type": kind})
                        for start, end, kind in (spans[place] if spans else ())
                    ],
                    finished=finished,
                )
            )
        store_imported(self.round, items, actor_id=None)
        return message


def make_scene(coders: int = 2, **fields: Any) -> Scene:
    study = make_study(**fields)
    names = ("noor", "daan", "emre", "lotte")[:coders]
    return Scene(
        study,
        make_member(study, "sara", "supervisor", pseudonym="S1"),
        [make_member(study, name, pseudonym=f"C{place}") for place, name in enumerate(names, 1)],
    )
