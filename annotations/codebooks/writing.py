"""CodebookSpec to YAML, as a person would keep it, and to the rows of codebook.csv."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from .categories import CategorySpec
from .schema import (
    EXCLUSIVE_KEYS,
    CodebookSpec,
    Condition,
    ConsistencySpec,
    DerivationSpec,
    MetadataSpec,
    ModuleSpec,
    VariableSpec,
)

GUIDANCE = ("label", "definition", "include", "exclude", "example")


def write_yaml(spec: CodebookSpec) -> str:
    """The codebook as YAML text; ``read_codebook`` gives an equal CodebookSpec back."""
    text = yaml.dump(
        document_of(spec), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, indent=2
    )
    # Two spaces and a dash can only open a module, a variable, a contradiction or a metadata field.
    return text.replace("\n  - key: ", "\n\n  - key: ")


def document_of(spec: CodebookSpec) -> dict[str, Any]:
    """The codebook as the mapping that its YAML holds."""
    header = {
        "key": spec.key,
        "version": spec.version,
        "title": dict(spec.title),
        "languages": list(spec.languages),
        "default_language": spec.default_language,
        "description": dict(spec.description),
        "license": spec.license,
        "seeds": dict(spec.seeds),
        "missing_codes": {str(code): dict(label) for code, label in spec.missing_codes.items()},
        "rules": {key: dict(text) for key, text in spec.rules.items()},
    }
    return _filled(
        {
            "codebook": _filled(header),
            "modules": [_module(module) for module in spec.modules],
            "variables": [_variable(variable) for variable in spec.variables],
            "consistency": [_consistency(item) for item in spec.consistency],
            "metadata_fields": [_metadata(item) for item in spec.metadata_fields],
        }
    )


class _Dumper(yaml.SafeDumper):
    """Indents lists under their field, and never writes an alias: the reader refuses them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _decimal(dumper: _Dumper, value: Decimal) -> yaml.ScalarNode:
    plain = f"{value:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in plain else 'int'}", plain)


_Dumper.add_representer(Decimal, _decimal)


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", {}, [], ())}


def _module(module: ModuleSpec) -> dict[str, Any]:
    return {"key": module.key, "label": dict(module.label), "default_on": module.default_on}


def _consistency(item: ConsistencySpec) -> dict[str, Any]:
    fields = {"key": item.key, "level": item.level, "kind": item.kind, "when": _condition(item.when)}
    return _filled(fields | {"fragments": item.fragments, "text": dict(item.text)})


def _metadata(item: MetadataSpec) -> dict[str, Any]:
    fields = {"key": item.key, "label": dict(item.label), "level": item.level, "type": item.type}
    return _filled(fields | {"obtained": item.obtained, "source": item.source})


def _variable(variable: VariableSpec) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "key": variable.key,
        "module": variable.module,
        "level": variable.level,
        "kind": variable.kind,
        "scale": variable.scale,
        "applies_to": variable.applies_to,
        "required": variable.required if not variable.required_if else None,
        "required_if": _condition(variable.required_if),
        "show_if": _condition(variable.show_if),
        "reliability": None if variable.reliability else False,
        **_guidance(variable),
        "min": variable.minimum,
        "max": variable.maximum,
        "missing_codes": {str(code): number for code, number in variable.missing_codes.items()},
        "unit": variable.unit,
        "source": variable.source,
        "anchor": variable.anchor,
        "replication": variable.replication,
        "derive": _derivation(variable.derive),
        "suggest": _derivation(variable.suggest),
        "pre_highlight": dict(variable.pre_highlight),
        "categories": [_category(category, variable) for category in variable.categories],
    }
    return _filled(fields)


def _category(category: CategorySpec, variable: VariableSpec) -> dict[str, Any]:
    alone_by_key = variable.of_kind.takes_several and category.key in EXCLUSIVE_KEYS
    fields = {"key": category.key, "code": category.code, "shortcut": category.shortcut}
    fields |= _guidance(category)
    fields["exclusive"] = category.exclusive if category.exclusive or alone_by_key else None
    fields["seed_definition"] = category.seed_definition
    return _filled(fields)


def _guidance(item: VariableSpec | CategorySpec) -> dict[str, Any]:
    return {name: dict(getattr(item, name)) for name in GUIDANCE}


def _condition(condition: Condition) -> dict[str, list[str]]:
    return {key: list(values) for key, values in condition.items()}


def _derivation(derivation: DerivationSpec | None) -> dict[str, Any] | None:
    if derivation is None:
        return None
    return _filled({"from": derivation.source, "rule": derivation.rule, "threshold": derivation.threshold})


def csv_header(spec: CodebookSpec) -> list[str]:
    texts = [f"{part}_{language}" for part in GUIDANCE for language in spec.languages]
    return [
        "codebook",
        "version",
        "variable",
        *(f"variable_{name}" for name in texts),
        "module",
        "level",
        "kind",
        "scale",
        "applies_to",
        "required",
        "required_if",
        "show_if",
        "category",
        "code",
        "shortcut",
        "exclusive",
        "seed_definition",
        *(f"category_{name}" for name in texts),
    ]


def csv_rows(spec: CodebookSpec) -> list[list[str]]:
    """One row per variable and category (yes and no of a boolean too); one row for a number or a text."""
    return [
        _row(spec, variable, category)
        for variable in spec.variables
        for category in (variable.options or (None,))
    ]


def _row(spec: CodebookSpec, variable: VariableSpec, category: CategorySpec | None) -> list[str]:
    required = "if" if variable.required_if else "yes" if variable.required else "no"
    row = [spec.key, spec.version, variable.key, *_texts(spec, variable)]
    row += [variable.module, variable.level, variable.kind, variable.scale or "", variable.applies_to]
    row += [required, condition_text(variable.required_if), condition_text(variable.show_if)]
    if category is None:
        return row + [""] * (len(csv_header(spec)) - len(row))
    flags = [
        "" if flag is None else str(int(flag)) for flag in (category.exclusive, category.seed_definition)
    ]
    return [*row, category.key, str(category.code), category.shortcut, *flags, *_texts(spec, category)]


def _texts(spec: CodebookSpec, item: VariableSpec | CategorySpec) -> list[str]:
    return [getattr(item, part).get(language, "") for part in GUIDANCE for language in spec.languages]


def condition_text(condition: Condition) -> str:
    """``contains_pii = yes; response_present = yes | no`` for people who read a table."""
    return "; ".join(f"{key} = {' | '.join(values)}" for key, values in condition.items())
