"""Pages made with other bullets, fonts, columns and wraps give the same lines."""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics.intake.exports.loose_pdf import is_transcript, split_stamps, spoken_lines
from forensics.intake.pdf import Line, read_pdf

typst = pytest.importorskip("typst")

SAID = [
    "alexa wie wird das wetter in köln", "ruf björn an", "alexa stell einen wecker auf sieben uhr",
    "öffne das rollo im büro", "spiel die flippers", "erinnere mich an die zahnärztin am donnerstag",
    "alexa wie wird das wetter in köln am wochenende", "mach das licht im flur aus", "sag björn ich komme später",
    "wie komme ich nach münchen", "stopp", "ja", "lauter", "danke",
    "alexa füge haferflocken und milch und die guten kekse vom bäcker zur einkaufsliste hinzu bitte",
]  # fmt: skip
PAGES = {
    "lines": "#for l in LINES [#l \\ ]",
    "list": "#list(..LINES)",
    "numbers": "#enum(..LINES)",
    "arrows": "#set list(marker: [➢])\n#list(..LINES)",
    "dashes": "#set list(marker: [–])\n#list(..LINES)",
    "columns": "#set page(columns: 2)\n#for l in LINES [#par(l)]",
    "columns of a list": "#set page(columns: 2)\n#list(..LINES)",
    "three columns": "#set page(columns: 3)\n#set text(9pt)\n#list(..LINES)",
    "narrow": "#set page(width: 7cm, margin: 1cm)\n#for l in LINES [#par(l)]",
    "narrow list": "#set page(width: 6cm, margin: 1cm)\n#list(..LINES)",
    "hyphens": '#set page(width: 6cm, margin: 1cm)\n#set text(hyphenate: true, lang: "de")\n'
               "#set par(justify: true)\n#list(..LINES)",
    "turned": "#set page(height: 24cm, width: 18cm)\n#rotate(90deg, reflow: true)[#for l in LINES [#l \\ ]]",
    "turned back": "#set page(height: 24cm, width: 18cm)\n#rotate(-90deg, reflow: true)[#for l in LINES [#l \\ ]]",
    "upside down": "#rotate(180deg)[#for l in LINES [#l \\ ]]",
    "heading": "= Transkripte\n#for l in LINES [#l \\ ]",
    "large": "#set text(20pt)\n#list(..LINES)",
    "small": "#set text(6pt)\n#list(..LINES)",
    "shadow": "#for l in LINES [#block[#place(dx: 0.3pt, l)#l]]",
    "footer": '#set page(footer: [Seite #context counter(page).display()], height: 8cm)\n#list(..LINES)',
}  # fmt: skip


def made(page: str, folder: Path, lines: list[str] = SAID) -> list[Line]:
    source = f"#let LINES = json(bytes(sys.inputs.lines))\n{page}"
    pdf = typst.compile(source.encode(), format="pdf", sys_inputs={"lines": json.dumps(lines)})
    path = folder / "t.pdf"
    path.write_bytes(pdf)
    with path.open("rb") as file:
        found, problems = read_pdf(file)
    assert problems == []
    return found


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_same_lines_come_out(name: str, tmp_path: Path) -> None:
    found = spoken_lines(made(PAGES[name], tmp_path))
    assert sorted(line.text for line in found) == sorted(SAID)
    assert is_transcript(found)


def test_a_column_of_times_stays_beside_its_lines(tmp_path: Path) -> None:
    stamped = [f"1{n}.07.2021 07:00:0{n} MESZ" for n in range(9)]
    page = "#table(columns: 2, stroke: none, ..LINES)"
    cells = [cell for pair in zip(stamped, SAID, strict=False) for cell in pair]
    rows = split_stamps(spoken_lines(made(page, tmp_path, cells)))
    assert [line.text for _, line in rows] == SAID[:9]
    assert [stamp for stamp, _ in rows] == stamped
