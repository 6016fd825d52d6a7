"""The PDF: tagged, archivable, the same bytes for the same case, and masked."""

from __future__ import annotations

import io
from collections.abc import Callable
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


def _background() -> tuple[str, str]:
    return "towns of 15,000 inhabitants or more (GeoNames)", "coasts and borders (Natural Earth)"
