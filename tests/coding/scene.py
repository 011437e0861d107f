"""A study in which a coder has one conversation to code, for the tests of the coding page."""

import json

from django.urls import reverse

from tests.factories import (
    assign,
    make_candidate,
    make_conversation,
    make_member,
    make_study,
)

TEXT = "Bel 06-00000011 😅 of mail noor@example.org"


class Scene:
    """A study with two coders and a supervisor; noor has one conversation, of two messages."""

    def __init__(self, client_of, **fields):
        self.client_of = client_of
        self.study = make_study(**({"detector_version": "1"} | fields))
        self.noor = make_member(self.study, "noor")
        self.sam = make_member(self.study, "sam")
        self.chief = make_member(self.study, "chief", "supervisor")
        self.conversation = make_conversation(self.study, TEXT, "Dank! ^MK")
        self.message, self.reply = self.conversation.messages.all()
        self.candidate = make_candidate(self.message, "06-00000011", "phone", reason={"nl": "10 cijfers"})
        self.assignment = assign(self.conversation, self.noor)

    def url(self, name="coding_unit", assignment=None):
        if name in {"coding", "coding_list"}:
            return reverse(name, args=[self.study.slug])
        return reverse(name, args=[self.study.slug, (assignment or self.assignment).pk])

    def get(self, user, name="coding_unit", **kwargs):
        return self.client_of(user).get(self.url(name, **kwargs))

    def post(self, body, user=None, name="coding_save", assignment=None):
        return self.client_of(user or self.noor).post(
            self.url(name, assignment), json.dumps(body), content_type="application/json"
        )

    def answer(self, variable, value, *, unit=None, revision=0, **more):
        unit = unit or f"m{self.message.pk}"
        body = {"do": "answer", "unit": unit, "variable": variable, "value": value, "revision": revision}
        return self.post(body | more)

    def add(self, quote="06-00000011", info_type="phone", message=None, **more):
        message = message or self.message
        start = message.text.index(quote)
        body = {"do": "add", "message": message.pk, "start": start, "end": start + len(quote)}
        return self.post(body | {"quote": quote, "type": info_type} | more)


def data_of(response):
    page = response.content.decode()
    return json.loads(page.split('id="coding-data" type="application/json">')[1].split("</script>")[0])
