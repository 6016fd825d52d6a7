"""Words that name somebody or a place, in talk without capitals."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.profile.says import shipped_readers
from forensics.profile.spotting import PARTS


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sag der lefke bescheid es gibt essen", "lefke"),
        ("hallo hier ist die roswitha ich bin schon unterwegs", "roswitha"),
        ("tell keziah her tea is going cold", "keziah"),
    ],
)
def test_a_name_that_no_list_may_know_is_seen_by_what_stands_around_it(text: str, name: str) -> None:
    spots = shipped_readers().words.spots(text)
    assert name in [text[s.start : s.end] for s in spots if s.part == "name"]


@pytest.mark.parametrize("text", ["stell den wecker auf sieben", "turn the light off", "lauter", ""])
def test_a_plain_command_names_nobody(text: str) -> None:
    assert shipped_readers().words.spots(text) == ()


@given(st.text(max_size=60))
def test_any_text_has_its_spots_inside_and_in_order(text: str) -> None:
    for part in PARTS[1:]:
        spots = [s for s in shipped_readers().words.spots(text) if s.part == part]
        assert all(0 <= s.start < s.end <= len(text) and 0 < s.p <= 1 for s in spots)
        assert all(a.end <= b.start for a, b in pairwise(spots))


@given(st.lists(st.text(min_size=1, max_size=12), max_size=8))
def test_each_word_has_a_distribution(words: list[str]) -> None:
    p = shipped_readers().words.p(words)
    assert p.shape == (len(words), len(PARTS))
    assert np.allclose(p.sum(axis=1), 1)
