"""What the page of a draft shows: the tree, one item as fields, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..codebooks.categories import MISSING_CODES, text_in
from ..codebooks.changes import weightiest
from ..codebooks.document import Document, Item, is_withdrawn
from ..codebooks.kinds import KINDS
from ..codebooks.schema import CONSISTENCY_LEVELS, LEVELS, ROLES
from ..models import Variable, VersionChange
from .categories import category_row
from .conditions import condition
from .fields import Form, TextRow, TreeModule, TreeRow
from .names import FRAGMENT_NAMES, MISSING_NAMES, ROLE_NAMES, STRICTNESS_NAMES, TEXTS
from .publish import Checked
from .shown import Shown


class Editor(Shown):
    """A checked draft, asked for one item at a time."""

    def __init__(
        self,
        document: Document,
        checked: Checked,
        counts: Mapping[tuple[str, str], int],
        language: str,
    ) -> None:
        super().__init__(document, checked, language)
        self.counts = counts

    def tree(self) -> list[TreeModule]:
        found = []
        variables = self.document.get("variables", [])
        for module in self.document.get("modules", []):
            rows = [self._row(item) for item in variables if item.get("module") == module["key"]]
            found.append(
                TreeModule(
                    module["_id"],
                    self.label(module),
                    bool(module.get("default_on")) and not is_withdrawn(module),
                    rows,
                    self.faults(module),
                )
            )
        known = {module["key"] for module in self.document.get("modules", [])}
        lost = [self._row(item) for item in variables if item.get("module") not in known]
        return [*found, TreeModule("", _("without a module"), True, lost)] if lost else found

    def rules(self) -> list[TreeRow]:
        """The rules on answers that contradict each other."""
        return [
            TreeRow(item["_id"], item.get("key", ""), False, "", self.faults(item), False)
            for item in self.document.get("consistency", [])
        ]

    def _row(self, item: Item) -> TreeRow:
        changes = [*self.changes[item["_id"]]]
        for category in item.get("categories", []):
            changes += self.changes[category["_id"]]
        badge = str(VersionChange.Kind(weightiest(changes).kind).label) if changes else ""
        faults = self.faults(item) + sum(self.faults(each) for each in item.get("categories", []))
        levels = {each["key"]: each.get("level") for each in self.document["variables"]}
        is_child = any(levels.get(key) == item.get("level") for key in item.get("show_if", {}))
        return TreeRow(item["_id"], self.label(item), is_child, badge, faults, is_withdrawn(item))

    def form(self, wanted: str) -> Form | None:
        if wanted == "codebook":
            return self._codebook()
        for module in self.document.get("modules", []):
            if module["_id"] == wanted:
                return self._module(module)
        for variable in self.document.get("variables", []):
            ids = {variable["_id"], *(each["_id"] for each in variable.get("categories", []))}
            if wanted in ids:
                return self._variable(variable)
        rules = self.document.get("consistency", [])
        return next((self._rule(item) for item in rules if item["_id"] == wanted), None)

    def _codebook(self) -> Form:
        header = {**self.document["codebook"], "_id": "codebook"}
        return self._form(
            "codebook",
            header,
            _("The codebook"),
            texts=[self.text(header, name) for name in ("title", "description")],
            inputs=[self.input(header, "version"), self.input(header, "license", _("Licence"))],
            missing=[
                TextRow(str(name), "label", self.in_languages(header, f"missing_codes.{code}", str(name)))
                for code, name in MISSING_NAMES.items()
            ],
        )

    def _rule(self, item: Item) -> Form:
        levels = [(key, str(Variable.Level(key).label)) for key in CONSISTENCY_LEVELS]
        strictness = [(key, str(name)) for key, name in STRICTNESS_NAMES.items()]
        fragments = [(key, str(name)) for key, name in FRAGMENT_NAMES.items()]
        return self._form(
            "rule",
            item,
            _("Answers that contradict each other"),
            key=self.input(item, "key"),
            texts=[self.text(item, "text")],
            inputs=[
                self.input(item, "level", options=levels),
                self.input(item, "kind", options=strictness),
                self.input(item, "fragments", options=fragments),
            ],
            conditions=[condition(self, item, "when", _("These answers together"))],
        )

    def _module(self, module: Item) -> Form:
        return self._form(
            "module",
            module,
            self.label(module),
            key=self.input(module, "key"),
            texts=[self.text(module, "label")],
            flags=[self.input(module, "default_on")],
        )

    def _variable(self, item: Item) -> Form:
        kind = KINDS.get(item.get("kind", ""))
        scales = kind.scales if kind else ()
        modules = [
            (each["key"], self.label(each)) for each in self.document["modules"] if not is_withdrawn(each)
        ]
        selects = [
            self.input(item, "module", options=modules),
            self.input(item, "level", options=[(key, str(Variable.Level(key).label)) for key in LEVELS]),
            self.input(
                item,
                "kind",
                options=[(key, text_in(each.name, self.language)) for key, each in KINDS.items()],
            ),
        ]
        if scales:
            words = [(key, str(Variable.Scale(key).label)) for key in scales]
            usual = kind.usual_scale if kind else ""
            selects.append(self.input(item, "scale", options=words, default=usual))
        if item.get("level") != "conversation":
            roles = [(key, str(ROLE_NAMES[key])) for key in reversed(ROLES)]
            selects.append(self.input(item, "applies_to", options=roles, default="any"))
        numbers = [self.input(item, name) for name in ("min", "max", "unit")]
        numbers += [
            self.input(item, f"missing_codes.{code}", _("%(code)d in data files") % {"code": code})
            for code in MISSING_CODES
        ]
        return self._form(
            "variable",
            item,
            self.label(item),
            key=self.input(item, "key"),
            texts=[self.text(item, name) for name in TEXTS],
            inputs=selects,
            flags=[
                self.input(item, "required", default=False),
                self.input(item, "reliability", default=True),
            ],
            numbers=numbers if kind and kind.takes_bounds else [],
            conditions=[
                condition(self, item, "show_if", _("Asked only if")),
                condition(self, item, "required_if", _("Must be answered if")),
            ],
            categories=[category_row(self, self.counts, item, each) for each in item.get("categories", [])],
            takes_categories=bool(kind and kind.fewest_categories),
        )

    def _form(self, kind: str, item: Item, title: str, **parts: Any) -> Form:
        empty: dict[str, Any] = {
            "key": None,
            "texts": [],
            "missing": [],
            "inputs": [],
            "flags": [],
            "numbers": [],
            "conditions": [],
            "categories": [],
            "takes_categories": False,
        }
        fields = {**empty, **parts}
        shown = [*fields["inputs"], *fields["flags"], *fields["numbers"]]
        shown += [each for row in (*fields["texts"], *fields["missing"]) for each in row.inputs]
        shown += [fields["key"]] if fields["key"] else []
        return Form(
            kind,
            item["_id"],
            title,
            **fields,
            **self.judged(item),
            is_new=kind in ("variable", "rule") and not item.get("_was"),
            is_withdrawn=is_withdrawn(item),
            notes=self.left(item, [each.path for each in shown], fields["conditions"]),
        )
