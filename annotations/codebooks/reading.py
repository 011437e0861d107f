"""YAML text to CodebookSpec. Strict: whatever is not understood is a problem with its line, never ignored."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

from .categories import MISSING_CODES, CategorySpec, Text
from .checking import find_faults
from .composing import compose
from .fields import PARAGRAPH, FieldReader, Fields
from .kinds import KINDS
from .problems import CodebookError, Fault, Path
from .schema import (
    CONSISTENCY_LEVELS,
    EXCLUSIVE_KEYS,
    FRAGMENTS,
    LEVELS,
    ROLES,
    STRICTNESS,
    CodebookSpec,
    ConsistencySpec,
    MetadataSpec,
    ModuleSpec,
    VariableSpec,
)

CATEGORY_KEY = re.compile(r"[a-z0-9][a-z0-9_]{0,62}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
ALL_SCALES = tuple(dict.fromkeys(scale for kind in KINDS.values() for scale in kind.scales))
METADATA_LEVELS = (*LEVELS, "account", "organisation")

HEADER = {"key", "version", "title", "languages", "default_language", "missing_codes"}
HEADER_OPTIONAL = {"description", "license", "seeds", "rules"}
MODULE = {"key", "label"}
CONSISTENCY = {"key", "level", "kind", "when", "text"}
METADATA = {"key", "label", "level", "type", "obtained"}
GUIDANCE = {"include", "exclude", "example"}
VARIABLE = {"key", "module", "level", "kind", "label", "definition"}
VARIABLE_OPTIONAL = {"applies_to", "required", "required_if", "show_if", "scale", "reliability", "min", "max"}
VARIABLE_OPTIONAL |= {
    "missing_codes",
    "unit",
    "source",
    "anchor",
    "replication",
    "derive",
    "suggest",
    "pre_highlight",
}
VARIABLE_OPTIONAL |= {"categories", *GUIDANCE}
CATEGORY = {"key", "code", "label"}
CATEGORY_OPTIONAL = {"definition", "shortcut", "exclusive", "seed_definition", *GUIDANCE}


@lru_cache(maxsize=8)
def read_codebook(source: bytes | str) -> CodebookSpec:
    """Read a codebook from YAML. Raises CodebookError naming line, column and key of every problem found.

    Many studies begin with the same few codebooks; what was read of the last ones is remembered.
    """
    reader, spec = _read(compose(source))
    if reader.problems:
        raise CodebookError(reader.problems)
    return spec


def read_nodes(root: yaml.Node) -> tuple[CodebookSpec, list[Fault]]:
    """What could be read of a codebook, and all that is wrong with it, by path."""
    reader, spec = _read(root)
    return spec, reader.faults


def _read(root: yaml.Node) -> tuple[_CodebookReader, CodebookSpec]:
    reader = _CodebookReader()
    spec = reader.codebook(root)
    for fault in find_faults(spec, reader.unread):
        reader.report(fault)
    return reader, spec


def place_of(source: bytes | str, *path: str) -> tuple[int, int]:
    """Line and column of the value at a path of fields, counted from 1; of the file where it is not there."""
    node: yaml.Node | None = compose(source)
    for name in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        node = next((value for key, value in pairs if key.value == name), None)
    return (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)


class _CodebookReader(FieldReader):
    def codebook(self, root: yaml.Node) -> CodebookSpec:
        parts = {"codebook", "modules", "variables"}
        top = self.mapping(root, (), allowed={*parts, "consistency", "metadata_fields"}, required=parts)
        # The header first: it says in which languages every other text has to be.
        header = self._header(top["codebook"]) if "codebook" in top else _NO_HEADER
        return CodebookSpec(
            **header,
            modules=self.list_of(top, (), "modules", self._module),
            variables=self.list_of(top, (), "variables", self._variable),
            consistency=self.list_of(top, (), "consistency", self._consistency),
            metadata_fields=self.list_of(top, (), "metadata_fields", self._metadata),
        )

    def _header(self, node: yaml.Node) -> dict[str, Any]:
        path: Path = ("codebook",)
        fields = self.mapping(node, path, allowed=HEADER | HEADER_OPTIONAL, required=HEADER)
        self.languages = self.list_of(fields, path, "languages", self._language)
        return {
            "key": self.key_of(fields, path),
            "version": self.string_of(fields, path, "version", most=40),
            "title": self.text_of(fields, path, "title"),
            "languages": self.languages,
            "default_language": self.choice_of(fields, path, "default_language", self.languages),
            "description": self.text_of(fields, path, "description", most=PARAGRAPH),
            "license": self.string_of(fields, path, "license"),
            "missing_codes": self._missing_codes(fields, path),
            "seeds": self.strings_of(fields, path, "seeds"),
            "rules": self.texts_of(fields, path, "rules"),
        }

    def _language(self, node: yaml.Node, path: Path) -> str:
        return self.matching(node, path, LANGUAGE, "a language code such as nl or en")

    def _missing_codes(self, fields: Fields, path: Path) -> dict[int, Text]:
        if "missing_codes" not in fields:
            return {}
        here = (*path, "missing_codes")
        codes = [str(code) for code in MISSING_CODES]
        labels = self.mapping(fields["missing_codes"], here, allowed=codes, required=codes)
        return {int(code): self.text_of(labels, here, code) for code in codes}

    def _numbers_for_missing(self, fields: Fields, path: Path) -> dict[int, int]:
        """The numbers that stand for 97, 98 and 99 in the data files of a number variable."""
        if "missing_codes" not in fields:
            return {}
        here = (*path, "missing_codes")
        codes = [str(code) for code in MISSING_CODES]
        numbers = self.mapping(fields["missing_codes"], here, allowed=codes, required=codes)
        return {int(code): self.whole(numbers[code], (*here, code)) for code in codes if code in numbers}

    def _module(self, node: yaml.Node, path: Path) -> ModuleSpec:
        fields = self.mapping(node, path, allowed={*MODULE, "default_on"}, required=MODULE)
        return ModuleSpec(
            key=self.key_of(fields, path),
            label=self.text_of(fields, path, "label"),
            default_on=self.flag_of(fields, path, "default_on", False),
        )

    def _variable(self, node: yaml.Node, path: Path) -> VariableSpec:
        fields = self.mapping(node, path, allowed=VARIABLE | VARIABLE_OPTIONAL, required=VARIABLE)
        kind = self.choice_of(fields, path, "kind", KINDS)
        usual_scale = KINDS[kind].usual_scale if kind else ""
        return VariableSpec(
            key=self.key_of(fields, path),
            module=self.string_of(fields, path, "module"),
            level=self.choice_of(fields, path, "level", LEVELS),
            kind=kind,
            label=self.text_of(fields, path, "label"),
            applies_to=self.choice_of(fields, path, "applies_to", ROLES, default="any"),
            required=self.flag_of(fields, path, "required", False),
            required_if=self.condition_of(fields, path, "required_if"),
            show_if=self.condition_of(fields, path, "show_if"),
            scale=self.choice_of(fields, path, "scale", ALL_SCALES, default=usual_scale) or None,
            reliability=self.flag_of(fields, path, "reliability", True),
            minimum=self.decimal(fields["min"], (*path, "min")) if "min" in fields else None,
            maximum=self.decimal(fields["max"], (*path, "max")) if "max" in fields else None,
            missing_codes=self._numbers_for_missing(fields, path),
            unit=self.string_of(fields, path, "unit"),
            source=self.string_of(fields, path, "source", most=PARAGRAPH),
            anchor=self.string_of(fields, path, "anchor", most=PARAGRAPH),
            replication=self.string_of(fields, path, "replication", most=PARAGRAPH),
            derive=self.derivation_of(fields, path, "derive"),
            suggest=self.derivation_of(fields, path, "suggest"),
            pre_highlight=self.strings_of(fields, path, "pre_highlight"),
            categories=self.list_of(
                fields, path, "categories", lambda item, here: self._category(item, here, kind)
            ),
            **self._guidance(fields, path),
        )

    def _category(self, node: yaml.Node, path: Path, kind: str) -> CategorySpec:
        fields = self.mapping(node, path, allowed=CATEGORY | CATEGORY_OPTIONAL, required=CATEGORY)
        key = ""
        if "key" in fields:
            expected = "a key of small letters, digits and underscores"
            key = self.matching(fields["key"], (*path, "key"), CATEGORY_KEY, expected)
        stands_alone = bool(kind) and KINDS[kind].takes_several and key in EXCLUSIVE_KEYS
        return CategorySpec(
            key=key,
            code=self.whole(fields["code"], (*path, "code")) if "code" in fields else 0,
            label=self.text_of(fields, path, "label"),
            shortcut=self.string_of(fields, path, "shortcut"),
            exclusive=self.flag_of(fields, path, "exclusive", stands_alone),
            seed_definition=self.flag_of(fields, path, "seed_definition", None),
            **self._guidance(fields, path),
        )

    def _guidance(self, fields: Fields, path: Path) -> dict[str, Text]:
        """What helps a coder to decide. Examples are quotations: one language is enough."""
        return {
            name: self.text_of(fields, path, name, most=PARAGRAPH, partly=name == "example")
            for name in ("definition", "include", "exclude", "example")
        }

    def _consistency(self, node: yaml.Node, path: Path) -> ConsistencySpec:
        fields = self.mapping(node, path, allowed={*CONSISTENCY, "fragments"}, required=CONSISTENCY)
        return ConsistencySpec(
            key=self.key_of(fields, path),
            level=self.choice_of(fields, path, "level", CONSISTENCY_LEVELS),
            kind=self.choice_of(fields, path, "kind", STRICTNESS),
            when=self.condition_of(fields, path, "when"),
            fragments=self.choice_of(fields, path, "fragments", FRAGMENTS),
            text=self.text_of(fields, path, "text", most=PARAGRAPH),
        )

    def _metadata(self, node: yaml.Node, path: Path) -> MetadataSpec:
        fields = self.mapping(node, path, allowed={*METADATA, "source"}, required=METADATA)
        return MetadataSpec(
            key=self.key_of(fields, path),
            label=self.text_of(fields, path, "label"),
            level=self.choice_of(fields, path, "level", METADATA_LEVELS),
            type=self.string_of(fields, path, "type"),
            obtained=self.string_of(fields, path, "obtained"),
            source=self.string_of(fields, path, "source"),
        )


_NO_HEADER: dict[str, Any] = {"key": "", "version": "", "title": {}, "languages": ()}
_NO_HEADER |= {"default_language": "", "missing_codes": {}}
