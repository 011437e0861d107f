"""What the fields of a draft are called on its page."""

from django.utils.translation import gettext_lazy

TEXTS = ("label", "definition", "include", "exclude", "example")
NAMES = {
    "label": gettext_lazy("Name"),
    "definition": gettext_lazy("Question or definition"),
    "include": gettext_lazy("When"),
    "exclude": gettext_lazy("When not"),
    "example": gettext_lazy("Example"),
    "level": gettext_lazy("Per"),
    "kind": gettext_lazy("Kind"),
    "scale": gettext_lazy("Scale"),
    "applies_to": gettext_lazy("Asked of messages of"),
    "module": gettext_lazy("Module"),
    "required": gettext_lazy("must be answered"),
    "reliability": gettext_lazy("counts in the agreement report"),
    "min": gettext_lazy("Lowest"),
    "max": gettext_lazy("Highest"),
    "unit": gettext_lazy("Unit"),
    "key": gettext_lazy("Name in files"),
    "default_on": gettext_lazy("on by default"),
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "version": gettext_lazy("Version"),
    "text": gettext_lazy("What the coder reads"),
    "fragments": gettext_lazy("Fragments there"),
}
STEPS = {
    "add_module": gettext_lazy("module added"),
    "add_variable": gettext_lazy("variable added"),
    "add_category": gettext_lazy("category added"),
    "add_rule": gettext_lazy("contradiction added"),
    "move": gettext_lazy("moved"),
    "remove": gettext_lazy("removed or withdrawn"),
    "restore": gettext_lazy("put back"),
    "split": gettext_lazy("split in two"),
    "merge": gettext_lazy("merged"),
    "file": gettext_lazy("a file uploaded"),
    "show_if": gettext_lazy("condition"),
    "required_if": gettext_lazy("condition"),
    "when": gettext_lazy("condition"),
    "missing_codes": gettext_lazy("missing codes"),
    "shortcut": gettext_lazy("shortcut"),
    "code": gettext_lazy("code"),
    "exclusive": gettext_lazy("excludes the others"),
    "license": gettext_lazy("licence"),
    "_reason": gettext_lazy("reason"),
    "_meaning": gettext_lazy("meaning"),
}
ROLE_NAMES = {
    "consumer": gettext_lazy("consumers"),
    "organisation": gettext_lazy("the organisation"),
    "any": gettext_lazy("anybody"),
}
STRICTNESS_NAMES = {
    "hard": gettext_lazy("hard: the conversation cannot be finished"),
    "soft": gettext_lazy("soft: asked about once"),
}
FRAGMENT_NAMES = {
    "": gettext_lazy("do not matter"),
    "some": gettext_lazy("something is marked"),
    "none": gettext_lazy("nothing is marked"),
}
MISSING_NAMES = {
    97: gettext_lazy("97: not applicable"),
    98: gettext_lazy("98: cannot be determined"),
    99: gettext_lazy("99: not coded"),
}
