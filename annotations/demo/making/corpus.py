"""All files of the corpus, by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from annotations.codebooks.reading import read_codebook
from annotations.demo.making import codings, files
from annotations.demo.making.answers import UnitAnswers, message_truth, true_answers
from annotations.demo.making.codings import DemoCodings, read_disagreements
from annotations.demo.making.screenplay import Conversation, Message, Organisation, read_screenplay

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
LIBRARY = Path(__file__).resolve().parents[2] / "codebooks" / "library"
TRUTH_COLUMNS = (
    "message_id", "conversation_id", "number", "author_role", "counts", "contains_pii", "info_types",
    "sharing_trigger", "response_present", "removal_request", "data_requested", "data_requested_types",
    "file",
)  # fmt: skip
SPAN_COLUMNS = ("message_id", "conversation_id", "number", "start", "end", "info_type", "quote")
CONVERSATION_COLUMNS = (
    "conversation_id", "organisation", "title", "messages", "counts", "too_much_first_contact",
    "dm_misunderstanding", "new_user", "channel_reason",
)  # fmt: skip


class Corpus:
    """The screenplays, read once; `files()` is everything made from them."""

    def __init__(self, corpus: Path = CORPUS, library: Path = LIBRARY) -> None:
        with (corpus / "study.yaml").open(encoding="utf-8") as file:
            self.study: dict[str, Any] = yaml.safe_load(file)
        self.conversations: list[Conversation] = []
        organisations = {
            row["name"]: Organisation(
                row["name"], row["webcare"], row["main"], row["followers"], row["posts"]
            )
            for row in self.study["organisations"]
        }
        source = corpus / "source"
        for row in self.study["organisations"]:
            self.conversations += read_screenplay(source / row["screenplay"], organisations[row["name"]])
        without = [
            read_screenplay(source / screenplay, organisations[name])
            for name, screenplay in self.study["without_finds"].items()
        ]
        self.conversations += [conversation for some in without for conversation in some]
        self._without_finds = {conversation.key for some in without for conversation in some}
        self.codebook = read_codebook((library / f"{self.study['study']['codebook']}.yaml").read_bytes())
        self.codings = DemoCodings(
            self.conversations,
            self.codebook,
            read_disagreements(corpus / "source" / "disagreements.yaml"),
            self.study,
        )

    def file_of(self, message: Message) -> str:
        """The name of the file the demo study has a message from; empty: from none."""
        main, excel, supplement, without_finds = self.study["files"]
        if not message.is_published:
            return ""
        if message.conversation in self._without_finds:
            return str(without_finds)
        if message.flags.get("weg") == "aanvulling" or message.conversation in self._supplement:
            return str(supplement)
        return str(main if message.conversation.startswith("Z") else excel)

    @property
    def _supplement(self) -> list[str]:
        conversations: list[str] = self.study["supplement"]["conversations"]
        return conversations

    @property
    def messages(self) -> list[Message]:
        return [message for conversation in self.conversations for message in conversation.messages]

    def files(self) -> dict[str, bytes]:
        """Name -> content, for all files but the sources, `study.yaml` and the README."""
        main, excel, supplement, without_finds = self.study["files"]
        parts = {name: [m for m in self.messages if self.file_of(m) == name] for name in self.study["files"]}
        twarc = self.study["twarc"]
        chosen = [c for c in self.conversations if c.key in twarc["conversations"]]
        every = self.conversations
        return {
            main: files.clean_csv(every, parts[main]),
            excel: files.excel_csv(every, parts[excel]),
            excel.replace("excel", "kapot"): files.excel_csv(every, parts[excel], damaged=True),
            supplement: files.clean_csv(every, parts[supplement]),
            without_finds: files.clean_csv(every, parts[without_finds]),
            twarc["file"]: files.twarc_jsonl(chosen, twarc["deleted"], self.study["study"]["collected_at"]),
            "truth.csv": files.table(TRUTH_COLUMNS, self._truth()),
            "truth_spans.csv": files.table(SPAN_COLUMNS, self._spans()),
            "truth_conversations.csv": files.table(CONVERSATION_COLUMNS, self._conversations()),
            "assignments.csv": files.table(codings.ASSIGNMENT_COLUMNS, self.codings.assignments()),
            "codings.csv": files.table(codings.CODING_COLUMNS, self.codings.codings()),
            "settled.csv": files.table(codings.SETTLED_COLUMNS, self.codings.settled()),
        }

    def _truth(self) -> Iterator[tuple[str, ...]]:
        for conversation in self.conversations:
            for message in conversation.messages:
                answers = message_truth(conversation, message)
                unit = UnitAnswers(conversation, message, answers)
                shown = unit.asked(self.codings.rules) if message.is_published else set()
                yield (
                    message.id,
                    conversation.key,
                    str(message.number),
                    message.role,
                    str(int(message.counts)),
                    *(_cell(answers[key]) if key in shown else "" for key in TRUTH_COLUMNS[5:11]),
                    ";".join(message.asked_types),
                    self.file_of(message),
                )

    def _spans(self) -> Iterator[tuple[str, ...]]:
        for message in self.messages:
            for mark in message.marks:
                yield (
                    message.id,
                    message.conversation,
                    str(message.number),
                    str(mark.start),
                    str(mark.end),
                    mark.info_type,
                    message.text[mark.start : mark.end],
                )

    def _conversations(self) -> Iterator[tuple[str, ...]]:
        for conversation in self.conversations:
            answers = true_answers(conversation)[-1].answers
            yield (
                conversation.key,
                conversation.organisation.name,
                conversation.title,
                str(len(conversation.published)),
                str(sum(message.counts for message in conversation.messages)),
                *(_cell(answers[key]) for key in CONVERSATION_COLUMNS[5:]),
            )


def _cell(answer: str | list[str]) -> str:
    return answer if isinstance(answer, str) else ";".join(answer)
