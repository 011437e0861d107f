"""The columns of a variable in a file with the codebook's numbers."""

from __future__ import annotations

from ..codebooks.lookup import lookup
from ..codebooks.schema import VariableSpec
from ..exchange.table import Column
from .study_data import StudyData

MISSING_LABELS = {
    "nl": {97: "niet van toepassing", 98: "niet vast te stellen", 99: "niet gecodeerd"},
    "en": {97: "not applicable", 98: "cannot be determined", 99: "not coded"},
}


def variable_columns(
    data: StudyData, variable: VariableSpec, suffix: str = "", whose: str = ""
) -> list[Column]:
    """`suffix` goes behind the name, `whose` behind the description."""
    label = variable.label.get(data.language) or variable.key
    own = lookup(data.study.codebook_version_id).spec.missing_codes
    common = MISSING_LABELS.get(data.language, MISSING_LABELS["en"])
    words = common | {code: text[data.language] for code, text in own.items() if text.get(data.language)}
    return [
        Column(
            f"{variable.key}{each.suffix}{suffix}",
            each.type,
            "; ".join(filter(None, (f"{label}: {each.label}" if each.label else label, whose))),
            each.labels,
            each.missing,
            {
                number: each.labels.get(number) or words.get(int(code), "")
                for number, code in each.missing.items()
            },
            scale=(variable.scale or "") if not each.suffix else "nominal",
        )
        for each in variable.of_kind.export_columns(variable, data.language)
    ]
