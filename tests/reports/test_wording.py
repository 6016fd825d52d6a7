"""No text that the tool writes claims more than the evidence bears."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import docx
import pytest
from test_html import Page

import forensics
from forensics import Case
from forensics.reports import write
from forensics.reports.wording import overclaims
from forensics.reports.words import catalogue

SOURCES = sorted(Path(forensics.__file__).parent.rglob("*.py"))


TOO_MUCH = (
    "This proves it.", "It was proven.", "He is the person.", "This is certainly her voice.",
    "That is proof of it.", "Das beweist es.", "Es ist zweifellos seine Stimme.", "Sie ist die Person.",
    "Nachgewiesenermaßen er.",
)  # fmt: skip
CAREFUL = (
    "probably", "none of them is beyond doubt", "improves the estimate", "the person concerned", "waterproof",
    "Beweismittel und Beweiskette", "die betroffene Person", "wahrscheinlich", "it is the speaker's own",
)  # fmt: skip


@pytest.mark.parametrize("text", TOO_MUCH)
def test_the_lint_sees_what_claims_too_much(text: str) -> None:
    assert overclaims(text)


@pytest.mark.parametrize("text", CAREFUL)
def test_the_lint_lets_careful_words_pass(text: str) -> None:
    assert overclaims(text) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_catalogue_claims_nothing_too_much(language: str) -> None:
    found = {key: overclaims(text) for key, text in catalogue(language).items()}
    assert {key: words for key, words in found.items() if words} == {}


def test_no_text_in_the_code_claims_too_much() -> None:
    """Reasons and messages come from every room; docstrings and the lint itself are left out."""
    found = []
    for path in SOURCES:
        if path.name == "wording.py":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements:
                found += [(path.name, node.lineno, word) for word in overclaims(node.value)]
    assert found == []


def test_the_written_reports_claim_nothing_too_much(small_case: Case, tmp_path: Path) -> None:
    page = Page(write(small_case, tmp_path / "r.html", "html").read_text("utf-8"))
    assert overclaims(page.text) == []
    assert overclaims(write(small_case, tmp_path / "r.json", "json").read_text("utf-8")) == []
    document = docx.Document(str(write(small_case, tmp_path / "r.docx", "notification")))
    assert overclaims("\n".join(p.text for p in document.paragraphs)) == []
    assert re.search(r"probab", page.text)
