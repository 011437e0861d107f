"""messages.csv for everybody: which messages there are, and nothing by which one can be found again.

Whoever has the corpus knows every exact number and the order of everything. So order and numbers are drawn
anew for each export, accounts are numbered within their conversation and described in classes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ...common.portions import portions
from ...models import Message, Organisation
from ..accounts import NOTHING, account_classes, is_listed, listed_handles
from ..study_data import PART, StudyData
from . import Column, Row, Table

COLUMNS = (
    Column("conversation_id", "string", "number of the conversation in this export"),
    Column("message_id", "string", "number of the message in this export, in no order"),
    Column("state", "string", "present, or why it is missing"),
    Column("organisation", "string", "organisation of the conversation"),
    Column("account", "string", "account that the study lists; others are numbered within the conversation"),
    Column("role", "string", "consumer, organisation, third_party or unknown"),
    Column("addressed", "string", "this account, another of the organisation, or none"),
    Column("followers_class", "string", "followers of the account; empty where that would single it out"),
    Column("posts_class", "string", "posts of the account; empty where that would single it out"),
    Column("account_age_class", "string", "age of the account; empty where that would single it out"),
)


def public_messages(data: StudyData) -> Table:
    return Table(
        "messages.csv",
        "Every message of the study, in an order by chance",
        COLUMNS,
        lambda: _rows(data),
        key=("conversation_id", "message_id"),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    handles = listed_handles(data.study)
    organisations = dict(Organisation.objects.filter(study=data.study).values_list("id", "name"))
    classes = account_classes(data.study)
    for part in portions(data.numbers, PART):
        by_conversation: dict[int, list[Message]] = defaultdict(list)
        rows = Message.objects.filter(conversation_id__in=part).select_related("account", "conversation")
        for message in rows.order_by("id"):
            by_conversation[message.conversation_id].append(message)
        for conversation_id in part:
            messages = by_conversation[conversation_id]
            places = data.shuffled(message.pk for message in messages)
            accounts: dict[int, int] = {}
            for message in sorted(messages, key=lambda message: places[message.pk]):
                account, name = message.account, ""
                if account is not None:
                    number = accounts.setdefault(account.pk, len(accounts) + 1)
                    name = account.handle if is_listed(account, handles) else f"account {number}"
                yield (
                    str(data.numbers[conversation_id]),
                    f"{data.numbers[conversation_id]}.{places[message.pk]}",
                    message.state,
                    organisations.get(message.conversation.organisation_id or 0),
                    name,
                    message.author_role,
                    message.addressed,
                    *classes.get(message.account_id or 0, NOTHING),
                )
