"""What all documents that people edit (DOCX) have in common: paper, head, foot, gaps, and the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from forensics.reports.articles import Item
from forensics.reports.letterhead import LogoError
from forensics.reports.view import View
from forensics.reports.word_tables import WIDE_CM, mark

if TYPE_CHECKING:
    from docx.document import Document

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time of a zip member
_LANGUAGES = {"en": "en-GB", "de": "de-DE"}


def new_document(view: View, title: str) -> Document:
    """An empty A4 document with the case's head and foot.

    Parameters
    ----------
    title : str
        Of the file; the heading is left to whoever writes the document.
    """
    import docx
    from docx.shared import Cm, Pt

    document = docx.Document()
    at = (view.as_of or datetime(1970, 1, 1, tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.author = title, view.letterhead.organisation or "forensics"
    properties.created = properties.modified = at
    properties.language = view.words.language
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm((21 - WIDE_CM) / 2)
    page.top_margin = page.bottom_margin = Cm(2)
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    _speak(normal, _LANGUAGES[view.words.language])
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{view.words('report.case')} {view.state['id'][:8]} · {view.words.time(view.as_of)}")
    foot.runs[0].font.size = Pt(8)
    head(document, view)
    return document


def head(document: Document, view: View) -> None:
    """Logo and organisation, where they were given."""
    from docx.shared import Cm

    if view.letterhead.logo:
        try:
            document.add_picture(io.BytesIO(view.letterhead.logo), height=Cm(1.5))
        except Exception as error:  # docx, struct and zlib have each their own for a broken picture
            raise LogoError from error
    if view.letterhead.organisation:
        document.add_paragraph().add_run(view.letterhead.organisation).bold = True


def write_items(document: Document, view: View, items: Iterable[Item]) -> None:
    """What an article asks for, a heading and its sentences each, gaps marked."""
    for item in items:
        document.add_heading(item.title, 1)
        for sentence in item.sentences:
            mark_gaps(document.add_paragraph(), sentence, view.words("gap"))


def mark_gaps(paragraph: Any, text: str, gap: str) -> None:
    """Write `text`, every `gap` in it highlighted."""
    for number, part in enumerate(text.split(gap)):
        if number:
            mark(paragraph.add_run(gap))
        paragraph.add_run(part)


def saved(document: Document) -> bytes:
    """The document's bytes, with times that do not depend on when it was written."""
    first, out = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _speak(style: Any, language: str) -> None:
    """Tell spelling checkers and screen readers the document's language."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), language)
    style.element.get_or_add_rPr().append(spoken)
