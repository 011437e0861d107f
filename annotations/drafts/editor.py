"""What the page of a draft shows: the tree, one item as fields, each with what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from ..codebooks.categories import MISSING_CODES, text_in
from ..codebooks.changes import Change, weightiest
from ..codebooks.document import Document, Item, is_withdrawn
from ..codebooks.kinds import KINDS
from ..codebooks.problems import Fault, Problem
from ..codebooks.schema import ANY_VALUE, CONSISTENCY_LEVELS, LEVELS, ROLES
from ..models import Variable, VersionChange
from .fields import CategoryRow, ConditionField, ConditionRow, Form, Input, TextRow, TreeModule, TreeRow
from .names import FRAGMENT_NAMES, MISSING_NAMES, NAMES, ROLE_NAMES, STRICTNESS_NAMES, TEXTS
from .publish import Checked


class Editor:
    """A checked draft, asked for one item at a time."""

    def __init__(
        self,
        document: Document,
        checked: Checked,
        counts: Mapping[tuple[str, str], int],
        language: str,
    ) -> None:
        self.document, self.checked, self.counts, self.language = document, checked, counts, language
        self.languages = document["codebook"].get("languages", [])
        self.notes: dict[str, list[tuple[tuple[Any, ...], str, bool]]] = defaultdict(list)
        for is_fault, faults in ((True, checked.faults), (False, checked.warnings)):
            for fault in faults:
                item = str(fault.path[0]) if fault.path else "codebook"
                self.notes[item].append((fault.path[1:], in_words(fault), is_fault))
        self.changes: dict[str, list[Change]] = defaultdict(list)
        for change in checked.changes:
            self.changes[change.item].append(change)

    def tree(self) -> list[TreeModule]:
        found = []
        variables = self.document.get("variables", [])
        for module in self.document.get("modules", []):
            rows = [self._row(item) for item in variables if item.get("module") == module["key"]]
            found.append(
                TreeModule(
                    module["_id"],
                    self._label(module),
                    bool(module.get("default_on")) and not is_withdrawn(module),
                    rows,
                    self._faults(module),
                )
            )
        known = {module["key"] for module in self.document.get("modules", [])}
        lost = [self._row(item) for item in variables if item.get("module") not in known]
        return [*found, TreeModule("", _("without a module"), True, lost)] if lost else found

    def rules(self) -> list[TreeRow]:
        """The rules on answers that contradict each other."""
        return [
            TreeRow(item["_id"], item.get("key", ""), False, "", self._faults(item), False)
            for item in self.document.get("consistency", [])
        ]

    def _row(self, item: Item) -> TreeRow:
        changes = [*self.changes[item["_id"]]]
        for category in item.get("categories", []):
            changes += self.changes[category["_id"]]
        badge = str(VersionChange.Kind(weightiest(changes).kind).label) if changes else ""
        faults = self._faults(item) + sum(self._faults(each) for each in item.get("categories", []))
        levels = {each["key"]: each.get("level") for each in self.document["variables"]}
        is_child = any(levels.get(key) == item.get("level") for key in item.get("show_if", {}))
        return TreeRow(item["_id"], self._label(item), is_child, badge, faults, is_withdrawn(item))

    def _faults(self, item: Item) -> int:
        return sum(is_fault for _path, _words, is_fault in self.notes.get(item["_id"], []))

    def _label(self, item: Item) -> str:
        return text_in(item.get("label") or {}, self.language) or item.get("key", "")

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
            texts=[self._text(header, name) for name in ("title", "description")],
            inputs=[self._input(header, "version"), self._input(header, "license", _("Licence"))],
            missing=[
                TextRow(str(name), "label", self._in_languages(header, f"missing_codes.{code}", str(name)))
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
            key=self._input(item, "key"),
            texts=[self._text(item, "text")],
            inputs=[
                self._input(item, "level", options=levels),
                self._input(item, "kind", options=strictness),
                self._input(item, "fragments", options=fragments),
            ],
            conditions=[self._condition(item, "when", _("These answers together"))],
        )

    def _module(self, module: Item) -> Form:
        return self._form(
            "module",
            module,
            self._label(module),
            key=self._input(module, "key"),
            texts=[self._text(module, "label")],
            flags=[self._input(module, "default_on")],
        )

    def _variable(self, item: Item) -> Form:
        kind = KINDS.get(item.get("kind", ""))
        scales = kind.scales if kind else ()
        modules = [
            (each["key"], self._label(each)) for each in self.document["modules"] if not is_withdrawn(each)
        ]
        selects = [
            self._input(item, "module", options=modules),
            self._input(item, "level", options=[(key, str(Variable.Level(key).label)) for key in LEVELS]),
            self._input(
                item,
                "kind",
                options=[(key, text_in(each.name, self.language)) for key, each in KINDS.items()],
            ),
        ]
        if scales:
            words = [(key, str(Variable.Scale(key).label)) for key in scales]
            usual = kind.usual_scale if kind else ""
            selects.append(self._input(item, "scale", options=words, default=usual))
        if item.get("level") != "conversation":
            roles = [(key, str(ROLE_NAMES[key])) for key in reversed(ROLES)]
            selects.append(self._input(item, "applies_to", options=roles, default="any"))
        numbers = [self._input(item, name) for name in ("min", "max", "unit")]
        numbers += [
            self._input(item, f"missing_codes.{code}", _("%(code)d in data files") % {"code": code})
            for code in MISSING_CODES
        ]
        return self._form(
            "variable",
            item,
            self._label(item),
            key=self._input(item, "key"),
            texts=[self._text(item, name) for name in TEXTS],
            inputs=selects,
            flags=[
                self._input(item, "required", default=False),
                self._input(item, "reliability", default=True),
            ],
            numbers=numbers if kind and kind.takes_bounds else [],
            conditions=[
                self._condition(item, "show_if", _("Asked only if")),
                self._condition(item, "required_if", _("Must be answered if")),
            ],
            categories=[self._category(item, each) for each in item.get("categories", [])],
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
            **self._judged(item),
            is_new=kind in ("variable", "rule") and not item.get("_was"),
            is_withdrawn=is_withdrawn(item),
            notes=self._left(item, [each.path for each in shown], fields["conditions"]),
        )

    def _judged(self, item: Item) -> dict[str, Any]:
        changes = self.changes[item["_id"]]
        asks = any(change.is_undecided for change in changes) or bool(item.get("_meaning"))
        return {
            "meaning": item.get("_meaning", ""),
            "reason": item.get("_reason", ""),
            "asks_meaning": asks,
            "meaning_fault": any(change.is_undecided for change in changes),
        }

    def _left(
        self, item: Item, shown: Sequence[str], conditions: Sequence[ConditionField] = ()
    ) -> list[tuple[str, bool]]:
        """What is wrong, and has no field of its own to stand beside."""
        own = {*shown, "_meaning", *(each.field for each in conditions)}
        found = []
        for path, words, is_fault in self.notes.get(item["_id"], []):
            written = ".".join(map(str, path))
            if not any(written == each or written.startswith(f"{each}.") for each in own):
                found.append((words, is_fault))
        return list(dict.fromkeys(found))

    def _note(self, item: Item, path: str) -> tuple[str, bool]:
        for where, words, is_fault in self.notes.get(item["_id"], []):
            written = ".".join(map(str, where))
            text_is_missing = path.startswith(f"{written}.")
            if written == path or written.startswith(f"{path}.") or text_is_missing:
                return words, is_fault
        return "", False

    def _input(
        self,
        item: Item,
        path: str,
        name: str = "",
        *,
        options: Sequence[tuple[str, str]] = (),
        default: Any = "",
        language: str = "",
    ) -> Input:
        value: Any = item
        for step in path.split("."):
            value = value.get(step, default) if isinstance(value, Mapping) else default
        note, is_fault = self._note(item, path)
        name = name or str(NAMES.get(path, path))
        return Input(item["_id"], path, name, value, note, is_fault, language, options)

    def _text(self, item: Item, name: str) -> TextRow:
        return TextRow(str(NAMES[name]), name, self._in_languages(item, name, str(NAMES[name])))

    def _in_languages(self, item: Item, path: str, name: str) -> list[Input]:
        return [
            self._input(item, f"{path}.{language}", name, language=language) for language in self.languages
        ]

    def _condition(self, item: Item, name: str, words: str) -> ConditionField:
        own: Mapping[str, list[str]] = item.get(name) or {}
        others = [
            each
            for each in self.document["variables"]
            if not is_withdrawn(each) and each is not item and self._comes_before(each, item)
        ]
        by_key = {each["key"]: each for each in self.document["variables"] if not is_withdrawn(each)}
        rows = []
        for key, chosen in own.items():
            asked = by_key.get(key)
            note, _is_fault = self._note(item, f"{name}.{key}")
            label = self._label(asked) if asked else key
            rows.append(ConditionRow(key, label, self._values(asked, chosen), note))
        more = [(each["key"], self._label(each)) for each in others if each["key"] not in own]
        own_notes = self.notes.get(item["_id"], [])
        of_all = next((said for where, said, _is_fault in own_notes if where == (name,)), "")
        return ConditionField(name, words, rows, more, of_all)

    def _values(self, asked: Item | None, chosen: Sequence[str]) -> list[tuple[str, str, bool]]:
        options: list[tuple[str, str]] = []
        if asked:
            fixed = KINDS[asked["kind"]].fixed if asked.get("kind") in KINDS else ()
            options = [(each.key, text_in(each.label, self.language)) for each in fixed]
            options += [
                (each["key"], self._label(each))
                for each in asked.get("categories", [])
                if not is_withdrawn(each)
            ]
        known = {key for key, _label in options}
        options += [(key, key) for key in chosen if key not in known and key != ANY_VALUE]
        options.append((ANY_VALUE, _("any answer")))
        return [(key, label, key in chosen) for key, label in options]

    def _comes_before(self, other: Item, item: Item) -> bool:
        variables = self.document["variables"]
        if other.get("level") not in LEVELS or item.get("level") not in LEVELS:
            return False
        there, here = LEVELS.index(other["level"]), LEVELS.index(item["level"])
        if item not in variables:  # a rule looks at everything up to its own level
            return there <= here
        return there < here or (there == here and variables.index(other) < variables.index(item))

    def _category(self, variable: Item, item: Item) -> CategoryRow:
        own, state = item.get("_was", []), ""
        shared = {
            key
            for each in variable["categories"]
            if each is not item and not is_withdrawn(each)
            for key in each.get("_was", [])
        }
        if is_withdrawn(item):
            state = "split" if set(own) & shared else "withdrawn"
        elif not own:
            state = "new"
        elif len(own) > 1:
            state = "merged"
        elif set(own) & shared:
            state = "half"
        elif self.changes[item["_id"]]:
            state = "changed"
        words = {
            "split": _("is split"),
            "withdrawn": _("withdrawn"),
            "new": _("new"),
            "merged": _("merged"),
            "half": _("from a split"),
            "changed": "",
        }
        if state == "changed":
            words["changed"] = str(VersionChange.Kind(weightiest(self.changes[item["_id"]]).kind).label)
        shortcut = self._shortcut(variable, item)
        inputs = [shortcut, self._input(item, "code", _("Code")), self._input(item, "key")]
        texts = [self._text(item, name) for name in TEXTS]
        paths = [*(each.path for each in inputs), *(each.path for row in texts for each in row.inputs)]
        was = variable.get("_was", "")
        several = bool(KINDS[variable["kind"]].takes_several) if variable.get("kind") in KINDS else False
        return CategoryRow(
            id=item["_id"],
            key=item.get("key", ""),
            label=self._label(item),
            state=state,
            state_word=words.get(state, ""),
            codes=sum(self.counts.get((was, key), 0) for key in own) if state != "half" else 0,
            shortcut=shortcut,
            code=inputs[1],
            key_input=inputs[2],
            texts=texts,
            exclusive=bool(item.get("exclusive")) if several else None,
            **self._judged(item),
            can_split=bool(own) and not is_withdrawn(item) and state not in ("half", "merged"),
            notes=self._left(item, paths),
            free=self._free_keys(variable) if shortcut.note else "",
        )

    def _shortcut(self, variable: Item, item: Item) -> Input:
        """A shortcut that is given twice is said at both, with whose it is."""
        found = self._input(item, "shortcut", _("Shortcut"))
        twin = next(
            (
                each
                for each in variable["categories"]
                if each is not item
                and not is_withdrawn(each)
                and each.get("shortcut")
                and each.get("shortcut") == item.get("shortcut")
            ),
            None,
        )
        if twin is None:
            return found
        words = _("Key %(key)s is of “%(name)s” already.")
        note = words % {"key": twin["shortcut"], "name": self._label(twin)}
        return replace(found, note=note, is_fault=True)

    def _free_keys(self, variable: Item) -> str:
        taken = {
            each.get("shortcut") for each in variable.get("categories", []) if not is_withdrawn(each)
        } | set("jksz")
        return ", ".join([each for each in "abcdefghilmnopqrtuvwxy123456789" if each not in taken][:4])


def in_words(fault: Fault) -> str:
    return Problem(0, 0, "", fault.sentence, fault.params).as_sentence(_)
