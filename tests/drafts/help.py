"""A study that was coded, and drafts of its codebook, in few words."""

from annotations.codebooks.lookup import lookup
from annotations.coding.answers import CONVERSATION, load_state
from annotations.coding.save import add_span, finish, save_answer
from annotations.drafts.publish import publish
from annotations.drafts.store import edit, start
from annotations.models import Coding
from tests.factories import make_coding, make_conversation, make_member, make_study


def coded_study(*, conversations=2, slug=""):
    """Two coders code every conversation alike: a phone number; but solved: partly and fully."""
    study = make_study(slug)
    study.boss = make_member(study, f"{study.slug}-boss", "supervisor")
    study.one, study.two = make_member(study, f"{study.slug}-one"), make_member(study, f"{study.slug}-two")
    study.talks = [make_conversation(study, "Bel 06-00000011", "Stuur een DM") for _ in range(conversations)]
    for talk in study.talks:
        for coder, solved in ((study.one, "partly"), (study.two, "fully")):
            code(talk, coder, solved=solved)
    return study


def code(talk, coder, *, solved="partly", round_name="main"):
    coding = make_coding(talk, coder, round_name)
    first, last = talk.messages.order_by("position")
    add_span(
        coding.pk,
        actor_id=coder.pk,
        message_id=first.pk,
        start=4,
        end=15,
        quote="06-00000011",
        info_type="phone",
    )
    give(coding, ("message", first.pk), "contains_pii", "yes")
    give(coding, ("message", first.pk), "channels", frozenset({"dm", "mail"}))
    give(coding, ("message", first.pk), "removal_request", "no")
    give(coding, ("message", last.pk), "contains_pii", "no")
    give(coding, CONVERSATION, "solved", solved)
    finish(coding.pk, actor_id=coder.pk)
    return coding


def give(coding, key, variable, value):
    coding = Coding.objects.select_related("assignment__round").get(pk=coding.pk)
    known = load_state(coding).answers[key].get(variable)
    save_answer(
        coding.pk,
        actor_id=coding.assignment.coder_id,
        key=key,
        variable=variable,
        value=value,
        revision=known.revision if known else 0,
    )


def item(document, variable, category=None):
    """The id of a variable or category of a draft, by key."""
    for each in document["variables"]:
        if each["key"] == variable:
            if category is None:
                return each["_id"]
            return next(row["_id"] for row in each["categories"] if row["key"] == category)
    raise LookupError(variable)


class Drafting:
    """A draft that is edited with one call per edit."""

    def __init__(self, study):
        self.study, self.draft = study, start(study.pk, actor_id=study.boss.pk)

    def do(self, **what):
        self.draft, found = edit(
            self.draft.pk, what, revision=self.draft.revision, actor_id=self.study.boss.pk
        )
        return found

    def set(self, item_id, field, value):
        return self.do(do="set", item=item_id, field=field.split("."), value=value)

    def id(self, variable, category=None):
        return item(self.draft.document, variable, category)

    def split(self, variable, category, first="Eerste", second="Tweede"):
        head = self.do(do="split", item=self.id(variable, category))
        siblings = next(v for v in self.draft.document["variables"] if v["key"] == variable)["categories"]
        at = next(place for place, each in enumerate(siblings) if each["_id"] == head)
        for half, name in ((siblings[at], first), (siblings[at + 1], second)):
            for language in ("nl", "en"):
                self.set(half["_id"], f"label.{language}", name)

    def publish(self, asks_finished=()):
        version = publish(
            self.draft.pk,
            revision=self.draft.revision,
            actor_id=self.study.boss.pk,
            asks_finished=asks_finished,
        )
        self.study.refresh_from_db()
        assert lookup(version.pk).version_id == self.study.codebook_version_id
        return version
