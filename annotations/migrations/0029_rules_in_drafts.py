"""The rules on contradictions in open drafts get ids, by which the editor addresses them."""

import itertools
import json

from django.db import migrations


def number_rules(apps, schema_editor):
    for draft in apps.get_model("annotations", "CodebookDraft").objects.filter(closed_at__isnull=True):
        document = json.loads(draft.written)
        rules = [item for item in document.get("consistency", []) if "_id" not in item]
        if not rules:
            continue
        taken = {item.get("_id") for item in document.get("modules", [])}
        for variable in document.get("variables", []):
            taken |= {variable.get("_id"), *(item.get("_id") for item in variable.get("categories", []))}
        free = (f"i{number}" for number in itertools.count(1) if f"i{number}" not in taken)
        for item in rules:
            item["_id"] = next(free)
        draft.written = json.dumps(document, ensure_ascii=False)
        draft.save(update_fields=["written"])


class Migration(migrations.Migration):
    dependencies = [("annotations", "0028_statement_and_state")]

    operations = [migrations.RunPython(number_rules, migrations.RunPython.noop)]
