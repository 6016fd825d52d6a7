"""Addresses and numbers as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.language.rules import contact, join


@pytest.mark.parametrize(
    ("text", "label", "surface"),
    [
        ("mail an b.achterberg@example.org bitte", "EMAIL", "b.achterberg@example.org"),
        ("Tel. +49 171 3920042", "PHONE", "+49 171 3920042"),
        ("Fon 0441/9722-0", "PHONE", "0441/9722-0"),
        ("call (555) 123-4567", "PHONE", "(555) 123-4567"),
        ("Am Rosengarten 17, 67655 Kaiserslautern", "ADDRESS", "67655 Kaiserslautern"),
        ("wohnt Lange Straße 12 in Bremen", "ADDRESS", "Lange Straße 12"),
        ("Lindenweg 4a", "ADDRESS", "Lindenweg 4a"),
        ("deliver to 42 Main Street please", "ADDRESS", "42 Main Street"),
    ],
)
def test_found(text: str, label: str, surface: str) -> None:
    found = [(m.label, text[m.start : m.end]) for m in join(contact.find(text))]
    assert (label, surface) in found


@pytest.mark.parametrize(
    "text",
    [
        "2018-05-04", "04.05.2018 12:33", "order 302-1234567-7654321x", "1.299,00 EUR", "3 x 4 = 12",
        "B024160000000KPW",
        "Platz 3 im Ring", "version 10.0.19041", "meet at 7 on the way", "12:30 - 13:45",
    ],
)  # fmt: skip
def test_hard_negatives(text: str) -> None:
    assert [m.label for m in contact.find(text)] == []


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    for mention in contact.find(text):
        assert 0 <= mention.start < mention.end <= len(text)
