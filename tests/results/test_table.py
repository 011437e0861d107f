"""A finished table survives being kept as JSON."""

import json

from annotations.results.table import (
    Cell,
    Comparison,
    Curve,
    Heading,
    Layer,
    Summary,
    Table,
    from_plain,
    plain,
)


def test_a_table_reads_back_from_json_as_it_was():
    yes, north = Heading("yes", "Ja", 12), Heading("Noord", "Noord", 12)
    layer = Layer(
        Heading("", ""),
        (yes,),
        (north,),
        {("yes", "Noord"): Cell(4, 12, 33.3, (13.8, 60.9), residual=1.2)},
        {"Noord": Summary(3, 1, 1.5, 2, 2.5, 3, 2, 1, (1.0, 2.0, 3.0))},
        (Curve("Noord", "Noord", 3, 1, (1.0,), (0.5,), (0.1,), (0.9,), ((0, 3), (1, 2)), 1.0, (0.5, None)),),
        (Comparison("fisher_exact", p=0.2, effect_interval=(1.0, 2.0), details={"odds_ratio": 1.9}),),
    )
    table = Table("t", "Titel", "message", "berichten", "counts", "Rij", "Kolom", "", (layer,), units=12)
    assert from_plain(json.loads(json.dumps(plain(table)))) == table
