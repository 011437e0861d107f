"""What a draft can start from: the study's version, the library, another study, a file, nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..codebooks.changes import IDENTITY
from ..codebooks.document import Document, as_json, numbered
from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..codebooks.problems import CodebookError
from ..codebooks.reading import read_codebook
from ..codebooks.schema import CodebookSpec
from ..codebooks.writing import document_of
from ..errors import BadInput
from ..models import CodebookVersion, Membership, Study
from ..studies.codebook_choice import LARGEST_FILE, LIBRARY, built_in_keys, in_words
from .files import read_qdc, read_table
from .store import fresh, next_number

SOURCES = {
    "study": gettext_lazy("the version that the study uses now"),
    "blank": gettext_lazy("nothing: an empty codebook"),
    "file": gettext_lazy("a file: YAML, a spreadsheet, or a codebook of another program (.qdc)"),
}


@dataclass(frozen=True)
class Beginning:
    """`source` is what the form sends."""

    source: str
    name: str


def beginnings(study: Study, user_id: int) -> list[Beginning]:
    """The codebooks of the library, and those of the other studies that this person supervises."""
    library = [
        Beginning(f"library:{key}", in_language(read_codebook((LIBRARY / f"{key}.yaml").read_bytes()).title))
        for key in built_in_keys()
    ]
    others = _others(study, user_id)
    return library + [Beginning(f"study:{other.pk}", other.name) for other in others]


def _others(study: Study, user_id: int) -> list[Study]:
    rows = Study.objects.filter(
        memberships__user_id=user_id,
        memberships__role=Membership.Role.SUPERVISOR,
        memberships__is_active=True,
    )
    return list(rows.exclude(pk=study.pk).distinct().order_by("name"))


def document_from(study: Study, source: str, user_id: int) -> Document | None:
    """The document that a draft starts with; None for the study's own version. Raises BadInput."""
    kind, _colon, name = source.partition(":")
    if kind == "study" and not name:
        return None
    if kind == "blank":
        return on_base(study, blank(study))
    if kind == "library" and name in built_in_keys():
        return on_base(study, _spec(study, (LIBRARY / f"{name}.yaml").read_bytes()))
    if kind == "study":
        other = next((each for each in _others(study, user_id) if str(each.pk) == name), None)
        if other is not None:
            return on_base(study, lookup(other.codebook_version_id).spec)
    raise BadInput(_("Choose what the draft starts from."))


def document_from_file(study: Study, name: str, content: bytes) -> Document:
    """A file as a draft on the study's version. Raises BadInput with a sentence for each problem."""
    if len(content) > LARGEST_FILE:
        raise BadInput(_("The codebook is larger than 2 MB: that is no codebook."))
    ending = name.rpartition(".")[2].lower()
    if ending in ("yaml", "yml"):
        return on_base(study, _spec(study, content))
    if ending in ("csv", "xlsx"):
        return _filled(study, read_table(name, content))
    if ending == "qdc":
        return _filled(study, read_qdc(content, study.language))
    raise BadInput(_("Give a codebook as .yaml, .csv, .xlsx or .qdc."))


def _spec(study: Study, content: bytes) -> CodebookSpec:
    try:
        return read_codebook(content)
    except CodebookError as error:
        raise BadInput([in_words(problem) for problem in error.problems]) from error


def _filled(study: Study, parts: dict[str, Any]) -> Document:
    """What another format knows of a codebook, with the header that a draft needs."""
    header = dict(document_of(lookup(study.codebook_version_id).spec)["codebook"])
    document = {"codebook": header, "modules": parts["modules"], "variables": parts["variables"]}
    return _linked(study, as_json(document))


def blank(study: Study) -> CodebookSpec:
    base = lookup(study.codebook_version_id).spec
    return CodebookSpec(
        key=base.key,
        version=base.version,
        title=base.title,
        languages=base.languages,
        default_language=base.default_language,
        missing_codes=base.missing_codes,
        modules=base.modules[:1],
        variables=(),
    )


def on_base(study: Study, spec: CodebookSpec) -> Document:
    """Another text as the next version of the study's: what has the same key and shape goes on from it."""
    return _linked(study, as_json(document_of(spec)))


def _linked(study: Study, document: Document) -> Document:
    base = lookup(study.codebook_version_id).spec
    old = fresh(study.codebook_version_id)
    version = CodebookVersion.objects.get(pk=study.codebook_version_id)
    header = document["codebook"]
    header["key"] = base.key
    taken = set(
        CodebookVersion.objects.filter(codebook_id=version.codebook_id).values_list("version", flat=True)
    )
    header["version"] = next_number(header["version"], taken)
    known = {item["key"]: item for item in old["variables"]}
    document.setdefault("modules", [])
    variables = document.setdefault("variables", [])
    for module in document["modules"]:
        module["_was"] = module["key"]
    went_on = set()
    for item in variables:
        before = known.get(item["key"])
        if before is None:
            continue
        if any(item.get(name) != before.get(name) for name in IDENTITY):
            item["key"] = f"{item['key'][:58]}_2"  # another level, kind or scale is another variable
            continue
        went_on.add(item["key"])
        item["_was"] = item["key"]
        there = {each["key"]: each for each in item.get("categories", [])}
        for each in there.values():
            if each["key"] in {one["key"] for one in before.get("categories", [])}:
                each["_was"] = [each["key"]]
        gone = [each for each in before.get("categories", []) if each["key"] not in there]
        for each in gone:
            item["categories"].append({**_unnumbered(each), "_withdrawn": True})
    for item in old["variables"]:
        if item["key"] not in went_on:
            variables.append({**_unnumbered(item), "_withdrawn": True})
    return numbered(document)


def _unnumbered(item: dict[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in item.items() if key != "_id"}
    if "categories" in found:
        found["categories"] = [_unnumbered(each) for each in found["categories"]]
    return found
