"""The interface is complete in Dutch: every English text in code and templates has its translation."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from webcare_coding.translations import compile_translations

pytestmark = pytest.mark.once

BASE: Path = settings.BASE_DIR
CATALOG = BASE / "locale" / "nl" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{\w+\}(?!\})")


def used() -> Iterator[tuple[str, str]]:
    """(place, msgid) of every text that is marked for translation."""
    for folder, pattern in (("annotations", "*.py"), ("webcare_coding", "*.py"), ("templates", "*.*")):
        for path in sorted((BASE / folder).rglob(pattern)):
            text = path.read_text(encoding="utf-8")
            source = text if path.suffix == ".py" else templatize(text, origin=str(path))
            found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS, options={})
            for line, message, _comments, _context in found:
                parts = (message,) if isinstance(message, str) else message
                if parts[0]:
                    yield f"{path.relative_to(BASE)}:{line}", parts[0]


def translated() -> dict[str, tuple[str, ...]]:
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="nl")
    return {
        entry.id if isinstance(entry.id, str) else entry.id[0]: (
            (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
        )
        for entry in catalog
        if entry.id
    }


def translated_by_django() -> set[str]:
    known: set[str] = set()
    # The admin is not installed, so what it translates stays English on our pages.
    folders = ["conf", *(app.removeprefix("django.").replace(".", "/") for app in settings.INSTALLED_APPS)]
    base = Path(django.__file__).parent
    for path in (base / folder / "locale/nl/LC_MESSAGES/django.mo" for folder in folders):
        if not path.exists():
            continue
        with path.open("rb") as file:
            known |= {e.id if isinstance(e.id, str) else e.id[0] for e in read_mo(file) if e.id}
    return known


def test_every_text_of_the_interface_is_translated() -> None:
    ours = {text for text, strings in translated().items() if all(strings)}
    known = ours | translated_by_django()
    missing = [f"{place}: {text}" for place, text in used() if text not in known]
    assert not missing, "\n".join(missing)


def test_every_translation_keeps_the_placeholders() -> None:
    wrong = [
        text
        for text, strings in translated().items()
        for string in strings[-1:]
        if Counter(PLACEHOLDER.findall(string)) != Counter(PLACEHOLDER.findall(text)) and len(strings) == 1
    ]
    assert wrong == []


def test_no_text_has_two_translations() -> None:
    text = CATALOG.read_text(encoding="utf-8")
    pairs = set(re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', text, flags=re.M))
    twice = [text for text, times in Counter(text for text, _ in pairs).items() if times > 1]
    assert twice == []


def test_a_catalogue_with_a_text_twice_compiles_and_the_first_counts(tmp_path: Path) -> None:
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    twice = 'msgid "Study"\nmsgstr "Onderzoek"\n\nmsgid "Study"\nmsgstr "Studie"\n'
    (folder / "django.po").write_text(header + twice, encoding="utf-8")
    assert compile_translations(tmp_path) == [folder / "django.mo"]
    with (folder / "django.mo").open("rb") as file:
        assert read_mo(file)["Study"].string == "Onderzoek"
    assert compile_translations(tmp_path) == []
