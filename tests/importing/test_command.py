"""import_conversations, as scripts call it."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from annotations.models import Message, Study
from tests.factories import make_study
from tests.importing.test_commit import ANSWER, QUESTION, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return make_study()


def test_the_command_prints_the_report_of_the_contract(study: Study, tmp_path: Path) -> None:
    out = io.StringIO()
    path = table(tmp_path / "a.csv", QUESTION, ANSWER)
    call_command("import_conversations", study.slug, str(path), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert list(answer) == [
        "format", "rows", "messages_new", "messages_known", "conversations_new", "placeholders", "orphans",
        "branches", "duplicates", "repairs", "problems", "candidates", "removed",
    ]  # fmt: skip
    assert answer["rows"] == answer["messages_new"] == 2


def test_the_command_maps_columns_and_refuses_in_one_line(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("nr;wat\n1;Hallo\n", encoding="utf-8")
    err = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_conversations", study.slug, str(path), stderr=err)
    assert "--map" in err.getvalue()
    call_command(
        "import_conversations",
        study.slug,
        str(path),
        "--map",
        "id=nr",
        "--map",
        "text=wat",
        stdout=io.StringIO(),
    )
    assert Message.objects.get().text == "Hallo"
