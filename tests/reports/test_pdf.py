"""The PDF: tagged, archivable, the same bytes for the same case, and masked."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import typst
from made_case import NAMES, SENTENCE

from forensics import Case, Options
from forensics.reports import figures
from forensics.reports.pdf import STANDARDS, write_pdf
from forensics.reports.svg import svg
from forensics.reports.view import View


@pytest.fixture(scope="module")
def pdf(small_case: Case, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_pdf(small_case, tmp_path_factory.mktemp("pdf") / "report.pdf").read_bytes()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_it_claims_both_standards(pdf: bytes) -> None:
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/MarkInfo" in pdf


def test_the_same_case_gives_the_same_bytes(pdf: bytes, small_case: Case, tmp_path: Path) -> None:
    assert write_pdf(small_case, tmp_path / "again.pdf").read_bytes() == pdf


def test_a_figure_without_a_description_would_be_refused() -> None:
    source = (
        b'#set document(title: "t")\n#title()\n#image(bytes("<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>"))'
    )
    with pytest.raises(Exception, match="alt"):
        typst.compile(source, format="pdf", pdf_standards=[*STANDARDS])


def test_it_is_masked(pdf: bytes) -> None:
    shown = text_of(pdf)
    assert "Five answers" in shown
    assert "contact 1" in shown
    assert not [name for name in (*NAMES, SENTENCE) if name in shown]


def test_evidence_is_never_markup(make_case: Callable[..., Case], tmp_path: Path) -> None:
    hostile = '#panic("x") = title $1/0$ `raw` \\ </svg><script>alert(1)</script> #read("/etc/passwd")'
    case = make_case(hostile, recordings=3)
    shown = text_of(write_pdf(case, tmp_path / "r.pdf", reveal=True, purpose="test").read_bytes())
    assert "#panic" in shown.replace("\r\n", "")


def test_it_speaks_german(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=12, options=Options(report_language="de"))
    pdf = write_pdf(case, tmp_path / "r.pdf").read_bytes()
    assert b"/Lang (de)" in pdf or b"/Lang(de)" in pdf
    assert "Fünf Antworten" in text_of(pdf)


DRAWN = ("timeline", "hours", "places", "bits", "risk", "severity", "household", "clock", "curve")


@pytest.mark.parametrize("name", DRAWN)
def test_a_still_figure_shows_every_value_of_its_plotly_original(small_case: Case, name: str) -> None:
    from xml.etree import ElementTree

    figure = getattr(figures, name)(View.of_case(small_case)).figure
    root = ElementTree.fromstring(svg(figure))
    shapes = [e for e in root.iter() if e.tag.rpartition("}")[2] in ("circle", "rect", "line")]
    drawn = sum(
        len(t.x)
        for t in figure.data
        if t.type in ("scatter", "bar", "waterfall") and t.name not in _background()
    )
    assert len(shapes) > drawn * 0.9
    for shape in shapes:
        for key in ("x", "y", "cx", "cy", "x1", "y2"):
            assert -700 < float(shape.get(key, 0)) < 1400


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_says_what_its_colours_and_signs_mean(small_case: Case, name: str) -> None:
    figure = getattr(figures, name)(View.of_case(small_case)).figure
    shown = [trace for trace in figure.data if trace.name and trace.showlegend is not False]
    assert figure.layout.showlegend is not False
    assert len(shown) > 1 or shown[0].showlegend
    still = svg(figure)
    for trace in shown:
        assert html.escape(trace.name, quote=False) in still


def test_a_long_legend_takes_more_than_one_line() -> None:
    import plotly.graph_objects as go

    made = go.Figure(layout={"height": 200})
    for n in range(6):
        made.add_scatter(x=[0, 1], y=[0, 1], name=f"a name of a good many letters, number {n}")
    heights = set(re.findall(r'y="(\d+)\.00"[^>]*>a name', svg(made)))
    assert len(heights) > 1


def test_no_column_of_the_german_report_runs_into_the_next(small_case: Case) -> None:
    """What a column gets is as wide as the longest word in it."""
    from forensics.reports.pdf import PAGE, _content

    view = View.of_case(small_case, language="de")
    for section in _content(view, "", datetime(2026, 1, 1, tzinfo=UTC))["sections"]:
        for exhibit in section["exhibits"]:
            widths = exhibit["widths"]
            left = PAGE - sum(width["points"] for width in widths)
            shares = sum(width["share"] for width in widths)
            if not any(width["points"] or width["share"] for width in widths):
                continue  # it fits as it is
            assert left >= 0
            for n, width in enumerate(widths):
                got = width["points"] or left * width["share"] / shares
                cells = [row[n] for row in exhibit["rows"] if not row[n]["code"]]
                words = [word for cell in cells for word in re.split(r"[\s/;-]+", cell["text"])]
                if n in [i for i, numeric in enumerate(exhibit["numeric"]) if numeric]:
                    assert got >= 0.45 * exhibit["size"] * max(map(len, words), default=0)


def test_a_severity_that_cannot_be_determined_has_a_colour_too(
    make_case: Callable[..., Case], tmp_path: Path
) -> None:
    from made_case import rows

    case = make_case(recordings=3)
    case.write_table("severity", [{**rows()["severity"][0], "band": "not determinable"}])
    assert "not determinable" in text_of(write_pdf(case, tmp_path / "r.pdf").read_bytes())


def _background() -> tuple[str, str]:
    return "towns of 15,000 inhabitants or more (GeoNames)", "coasts and borders (Natural Earth)"
