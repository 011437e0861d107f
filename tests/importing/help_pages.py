"""Handing in a file on the pages of the import, in a test."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotations.models import ImportBatch

HOSTILE = "<script>alert(1)</script> \u202e{{ 7*7 }} &lt;b&gt;"
TABLE = f"""id,auteur,bericht,datum,in reactie op
1,kees_demo,"@ZwaluwlijnHulp {HOSTILE}",2019-05-01 09:00,
2,ZwaluwlijnHulp,Mag ik je klantnummer via DM?,2019-05-01 09:30,1
"""


def hand_in(client, study, content=TABLE, name="gesprekken.csv") -> ImportBatch:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    answer = client.post(reverse("import", args=[study.slug]), {"files": [file]})
    assert answer.status_code == 302
    return ImportBatch.objects.latest("pk")


def page(client, study, batch):
    return client.get(reverse("import_batch", args=[study.slug, batch.pk]))
