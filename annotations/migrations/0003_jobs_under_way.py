"""Imports and draws that were under way keep who confirmed them and their state."""

from django.db import migrations
from django.db.models import F


def carry_over(apps, schema_editor):
    apps.get_model("annotations", "ImportBatch").objects.update(
        asked_at=F("created_at"), confirmed_by=F("created_by")
    )
    draws = apps.get_model("annotations", "DrawUnderWay").objects.all()
    draws.exclude(problem="").update(state="failed")
    draws.filter(problem="", started_at__isnull=False).update(state="running")


class Migration(migrations.Migration):
    dependencies = [("annotations", "0002_background_jobs")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
