"""A table with everything that files of other programs have lost before."""

from zoneinfo import ZoneInfo

from annotations.codebooks.values import Missing
from annotations.exchange.table import Column, Table

ZONE = ZoneInfo("Europe/Amsterdam")
MISSING = {97: Missing.NOT_APPLICABLE, 98: Missing.UNDETERMINED, 99: Missing.NOT_CODED}
LONG = "lang " * 400 + "👨‍👩‍👧 einde"
COLUMNS = (
    Column("with", "string", "a reserved word"),
    Column(
        "a.b", "integer", "keuze; 'tussen aanhalingstekens'", {1: "Ja", 0: "Nee"}, MISSING, {97: "n.v.t."}
    ),
    Column("a_b", "number", "dagen", {}, {-97: Missing.NOT_APPLICABLE}, {-97: "n.v.t."}, scale="ratio"),
    Column("oordeel", "integer", "geordend", {1: "slecht", 2: "goed"}, scale="ordinal"),
    Column("naam__Zoë van 't Hof " + "x" * 60, "integer", "van een codeur", {1: "Ja"}),
    Column("naam__Zoë van 't Hof " + "x" * 61, "integer", "van een andere codeur", {1: "Ja"}),
    Column("text", "string", "tekst"),
    Column("created_at", "datetime", "tijd"),
)
ROWS = [
    (
        "0001234567890123456",
        1,
        "2.5",
        2,
        1,
        None,
        "=1+1\nregel twee \"en\" 'zo'",
        "2019-04-01T10:00:00+00:00",
    ),
    ("8990076859202054617", 97, -97, 1, None, 1, LONG, None),
    ("", None, None, None, None, None, "@kees; =SOM(1), 0612 ", "2019-12-31T23:30:00+00:00"),
    ("-0", 0, "0.000001", 2, None, None, "😅,\t;\u2028 'n", None),
]
TABLE = Table("odd", "Alles wat vreemd is", COLUMNS, lambda: ROWS)
