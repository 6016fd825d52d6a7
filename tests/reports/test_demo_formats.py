"""Every format of the demo case, from real recordings: nobody is named."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest

from forensics import Case
from forensics.reports import FORMATS, write

ENDINGS = {
    "html": "html",
    "pdf": "pdf",
    "json": "json",
    "case": "jsonld",
    "notification": "docx",
    "timeline": "csv",
    "register-entry": "docx",
    "processor-notice": "docx",
    "changes": "html",
}


@pytest.fixture(scope="module")
def copied(demo_case: Case, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The demo case to write reports of: a report adds an act to the custody log."""
    folder = tmp_path_factory.mktemp("formats") / "case"
    shutil.copytree(demo_case.folder, folder)
    return Case.open(folder)


def visible(path: Path) -> str:
    """What can be read in a document."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        return "\n".join(
            p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(io.BytesIO(content))
        )
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells])
    return content.decode("utf-8")


def test_every_format_is_looked_at() -> None:
    assert ENDINGS.keys() == FORMATS.keys()


@pytest.mark.speech
@pytest.mark.parametrize("format", sorted(ENDINGS))
def test_no_name_of_the_household_is_in_a_masked_report(
    copied: Case, demo_truth: dict[str, Any], tmp_path: Path, format: str
) -> None:
    given = {"before": write(copied, tmp_path / "before.json", "json")} if format == "changes" else {}
    shown = visible(write(copied, tmp_path / f"r.{ENDINGS[format]}", format, **given))
    assert len(shown) > 500
    names = {
        word
        for claim in demo_truth["claims"]
        if claim["attribute"] in ("first_name", "surname", "contact")
        for word in claim["value"].split()
    }
    assert len(names) > 5
    assert [name for name in names if re.search(rf"\b{name}\b", shown)] == []


@pytest.mark.speech
def test_no_transcript_is_in_a_masked_report(copied: Case, tmp_path: Path) -> None:
    said = [t for t in copied.frame("transcripts")["text"] if len(t.split()) > 3]
    assert said
    for format in ("html", "json", "case"):
        shown = visible(write(copied, tmp_path / f"r.{ENDINGS[format]}", format))
        assert [text for text in said if text in shown] == []
