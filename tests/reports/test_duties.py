"""Documents for an authority: the register entry, the processor's notice, page one, and the letterhead."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2
import pytest
from made_case import NAMES, SENTENCE
from typer.testing import CliRunner

from forensics import Case, ForensicsError
from forensics.cli import app
from forensics.reports import WITH_HEAD, write
from forensics.reports.articles import items
from forensics.reports.letterhead import LARGEST, letterhead
from forensics.reports.page_one import page_one
from forensics.reports.view import View
from forensics.reports.word_tables import WIDE_CM, widths
from forensics.reports.words import LANGUAGES


def picture() -> bytes:
    """A picture of one grey point (PNG)."""
    made = b"\x89PNG\r\n\x1a\n"
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    for kind, content in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\x00\x80")), (b"IEND", b"")):
        made += (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )
    return made


COMMAND = re.compile(r"forensics \w+ --|(?<!\w)--[a-z]+")
SETTLED = {
    "recipient": "trusted", "containment": "deletion_confirmed", "controller": "Example Ltd",
    "processor": "Example Hosting", "processor_contact": "security@example.net",
    "breach_from": "2026-02-20", "discovered_at": "2026-02-26", "aware_at": "2026-03-01T09:30+01:00",
    "authority_told_at": "2026-03-05T10:00+01:00", "authority_reference": "X 12/26",
    "delay_reasons": "the export had to be opened first", "people_told_at": "2026-03-06",
    "decision_reasons": "a register was disclosed", "responsible": "A. Examiner", "report_version": "2.1",
}  # fmt: skip


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.fixture
def settled(make_case: Callable[..., Case]) -> Case:
    case = make_case(recordings=3)
    case.set_incident(SETTLED)
    return case


def test_page_one_says_what_an_authority_asks_first(settled: Case) -> None:
    shown = dict(page_one(View.of_case(settled)))
    assert shown["Breach discovered"] == "26 February 2026"
    assert shown["Who is concerned"] is not None
    assert "at least 1 subject" in shown["Who is concerned"]
    assert "health and children" in str(shown["Which data"])
    assert "up to 83" in str(shown["Likely consequences"])
    assert shown["Authority (Article 33)"] == (
        "Notified on 5 Mar 2026, 10:00 (UTC+01:00). Reference X 12/26. "
        "Reasons for the delay: the export had to be opened first."
    )
    assert shown["People concerned (Article 34)"] == "Told on 6 March 2026."
    assert str(shown["Version"]).startswith("2.1; state of the case: ")
    assert shown["Who answers for it"] == "A. Examiner; not signed off"


def test_what_was_not_done_is_said_and_what_was_done_is_not_proposed(
    settled: Case, make_case: Callable[..., Case]
) -> None:
    bare = dict(page_one(View.of_case(make_case(recordings=3))))
    assert bare["Authority (Article 33)"] == "Not recorded as notified. The 72 hours cannot be counted."
    assert "they should be told" in str(bare["People concerned (Article 34)"])
    measures = " ".join(items(View.of_case(settled))[4].sentences)
    assert "tell the people concerned" not in measures


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Not assessed"),
        ({"recipient": "known"}, "Not claimed"),
        ({"recipient": "trusted"}, "neither return nor deletion is confirmed"),
        ({"recipient": "trusted", "containment": "returned"}, "can lower the risk"),
    ],
)
def test_the_trusted_recipient_is_assessed(
    make_case: Callable[..., Case], facts: dict[str, str], said: str
) -> None:
    case = make_case(recordings=3)
    case.set_incident(facts)
    assert said in str(dict(page_one(View.of_case(case)))["Trusted recipient"])


def test_the_register_entry_has_facts_effects_remedies_and_reasons(settled: Case, tmp_path: Path) -> None:
    shown = text_of(write(settled, tmp_path / "r.docx", "register-entry"))
    for part in ("Article 33(5)", "Facts", "Effects", "Remedial action", "a register was disclosed"):
        assert part in shown
    assert "to be supplied" in shown  # the measures
    assert not [name for name in (*NAMES, SENTENCE) if name in shown]


def test_a_processor_tells_the_controller_and_decides_nothing(settled: Case, tmp_path: Path) -> None:
    shown = text_of(write(settled, tmp_path / "p.docx", "processor-notice"))
    assert "Example Hosting" in shown
    assert "security@example.net" in shown
    assert "for the controller to decide" in shown
    assert "should be notified" not in shown
    assert not [name for name in (*NAMES, SENTENCE) if name in shown]


@pytest.mark.parametrize("format", ["notification", "register-entry", "processor-notice", "html", "pdf"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_document_holds_a_command_line(
    small_case: Case, tmp_path: Path, format: str, language: str
) -> None:
    path = write(small_case, tmp_path / f"r.{format}", format, language=language)
    if format == "html":
        shown = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    elif format == "pdf":
        pages = pypdfium2.PdfDocument(io.BytesIO(path.read_bytes()))
        shown = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    else:
        shown = text_of(path)
    assert COMMAND.findall(shown) == []


@pytest.mark.parametrize("format", WITH_HEAD)
def test_organisation_and_logo_stand_at_the_head(small_case: Case, tmp_path: Path, format: str) -> None:
    (tmp_path / "logo.png").write_bytes(picture())
    given: dict[str, Path] = {}
    if format == "changes":
        given["before"] = write(small_case, tmp_path / "before.json", "json")
    path = write(
        small_case, tmp_path / "r", format, organisation="Example Ltd", logo=tmp_path / "logo.png", **given
    )
    content = path.read_bytes()
    if content.startswith(b"PK"):
        document = docx.Document(str(path))
        assert document.paragraphs[1].text == "Example Ltd"
        assert len(document.inline_shapes) >= 1
    elif content.startswith(b"%PDF"):
        page = pypdfium2.PdfDocument(io.BytesIO(content))[0]
        assert page.get_textpage().get_text_bounded().startswith("Example Ltd")
    else:
        head = content.decode().partition("<h1>")[0]
        assert 'src="data:image/png;base64,' in head
        assert "Example Ltd" in head


def test_a_logo_that_is_no_picture_or_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    with pytest.raises(ForensicsError, match="PNG or JPEG"):
        letterhead(logo=tmp_path / "logo.svg")
    (tmp_path / "logo.png").write_bytes(picture() + b"0" * LARGEST)
    with pytest.raises(ForensicsError, match="MB"):
        letterhead(logo=tmp_path / "logo.png")


@pytest.mark.parametrize("format", ["pdf", "notification"])
def test_a_broken_logo_is_told(small_case: Case, tmp_path: Path, format: str) -> None:
    (tmp_path / "logo.png").write_bytes(picture()[:20] + b"broken")
    with pytest.raises(ForensicsError, match="logo"):
        write(small_case, tmp_path / "r", format, logo=tmp_path / "logo.png")


def test_a_timeline_has_no_head(small_case: Case, tmp_path: Path) -> None:
    with pytest.raises(ForensicsError, match="no head"):
        write(small_case, tmp_path / "t.csv", "timeline", organisation="Example Ltd")


def test_every_format_takes_a_language_on_the_command_line(settled: Case, tmp_path: Path) -> None:
    for format in ("json", "timeline", "case", "notification", "register-entry", "processor-notice"):
        out = tmp_path / f"r.{format}"
        line = ["report", "--case", str(settled.folder), "--format", format, "--out", str(out)]
        assert CliRunner().invoke(app, [*line, "--report-language", "de"]).exit_code == 0
        assert out.is_file()


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    heads = ("No.", "Why")
    narrow, wide = widths(heads, [("1", "a sentence of a good many words that needs room"), ("2", "b")])
    assert narrow < 2 < 10 < wide
    assert narrow + wide == pytest.approx(WIDE_CM)
    crowded = widths(tuple("abcdefgh"), [tuple("extraordinarily" for _ in range(8))])
    assert sum(crowded) == pytest.approx(WIDE_CM)


def test_tables_of_the_notification_have_their_widths(small_case: Case, tmp_path: Path) -> None:
    document = docx.Document(str(write(small_case, tmp_path / "n.docx", "notification")))
    for table in document.tables:
        row = [cell.width.cm for cell in table.rows[0].cells]
        assert sum(row) == pytest.approx(WIDE_CM, abs=0.1)
        assert len(row) == 2 or max(row) > 2 * min(row)
