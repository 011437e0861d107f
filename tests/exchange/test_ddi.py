"""The description of the files that an archive asks for."""

from xml.etree import ElementTree

from annotations.codebooks.values import Missing
from annotations.exchange.ddi import About, write_ddi
from annotations.exchange.table import Column, Table

D = "{ddi:codebook:2_5}"
TABLE = Table(
    "wide.csv",
    "Alles & meer",
    [
        Column("id", "string", "bericht"),
        Column(
            "a", "integer", "keuze <b>", {1: "Ja"}, {97: Missing.NOT_APPLICABLE}, {97: "n.v.t."}, "nominal"
        ),
        Column("dagen", "number", "dagen", {}, {}, {}, "ratio"),
    ],
    list,
)


def test_every_column_is_described_with_its_codes():
    text = write_ddi(About("Studie \x00 een", "een", "", "nl", ["Zwaluwlijn"]), [TABLE], {"wide.csv": 7})
    root = ElementTree.fromstring(text)
    assert root.tag == f"{D}codeBook"
    assert [child.tag.removeprefix(D) for child in root] == ["stdyDscr", "fileDscr", "dataDscr"]
    assert root.findtext(f".//{D}titl") == "Studie  een"
    assert root.findtext(f".//{D}caseQnty") == "7"
    file = root.find(f"{D}fileDscr").get("ID")
    shapes = [
        (
            var.get("name"),
            var.get("files"),
            var.get("intrvl"),
            var.get("nature"),
            var.find(f"{D}varFormat").get("type"),
        )
        for var in root.iter(f"{D}var")
    ]
    assert shapes == [
        ("id", file, "discrete", None, "character"),
        ("a", file, "discrete", "nominal", "numeric"),
        ("dagen", file, "contin", "ratio", "numeric"),
    ]
    codes = [
        (each.findtext(f"{D}catValu"), each.findtext(f"{D}labl"), each.get("missing"))
        for each in root.iter(f"{D}catgry")
    ]
    assert codes == [("1", "Ja", None), ("97", "n.v.t.", "Y")]
