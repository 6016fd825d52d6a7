"""Where somebody speaks and no words are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forensics.transcription.engine import Word
from forensics.transcription.unread import runs, unread


def said(*words: tuple[str, float, float]) -> list[Word]:
    return [Word(word, start, end, 0.9) for word, start, end in words]


def test_speech_after_the_last_word_is_unread() -> None:
    words = said(("Turn", 0.3, 0.6), ("it", 0.6, 0.8), ("off.", 0.8, 1.3))
    assert unread([(0.2, 1.5), (2.6, 5.0)], words) == [(2.6, 5.0)]
    assert unread([(0.2, 1.5)], words) == []


def test_speech_in_one_breath_is_unread_from_the_last_word_on() -> None:
    ((start, end),) = unread([(0.2, 8.0)], said(("Turn", 0.3, 0.6), ("it", 0.6, 0.8), ("off.", 0.8, 1.3)))
    assert 1.3 < start < 1.6
    assert end == 8.0


def test_a_word_drawn_over_what_came_before_it_covers_its_own_end_only() -> None:
    words = said(("Drop", 0.0, 2.7), ("the", 2.7, 2.9), ("figures.", 2.9, 3.5))
    assert unread([(0.1, 1.7), (2.4, 3.6)], words) == [(0.1, 1.7)]


def test_a_word_in_the_middle_may_be_at_either_end() -> None:
    words = said(("Good", 0.2, 0.5), ("night", 0.5, 5.0), ("Anna.", 5.0, 5.5))
    assert unread([(0.2, 1.0), (4.6, 5.6)], words) == []
    assert unread([(0.2, 1.0), (2.0, 3.0), (4.6, 5.6)], words) == [(2.0, 3.0)]


def test_breaths_between_words_are_no_stretches() -> None:
    words = said(("one", 0.0, 0.5), ("two", 1.1, 1.6))
    assert unread([(0.0, 0.5), (0.9, 1.0), (1.1, 1.6)], words) == []


def test_near_stretches_are_one_unless_words_stand_between() -> None:
    assert unread([(0.0, 1.0), (1.3, 2.0)], []) == [(0.0, 2.0)]
    assert unread([(0.0, 1.0), (3.0, 4.0)], []) == [(0.0, 1.0), (3.0, 4.0)]
    between = said(("so", 1.1, 1.2))
    assert len(unread([(0.0, 1.0), (1.1, 1.2), (1.3, 2.0)], between)) == 2


def test_runs_are_divided_by_pauses() -> None:
    assert runs([(0.0, 0.9), (1.0, 2.0), (2.6, 3.0)], 0.3, 0.8) == [(0.0, 2.0)]


TIMES = st.lists(st.floats(0, 20), min_size=2, max_size=12).map(sorted)


@given(TIMES, TIMES)
def test_what_is_unread_lies_in_the_speech(speech: list[float], words: list[float]) -> None:
    spans = list(zip(speech[::2], speech[1::2], strict=False))
    found = unread(spans, said(*(("word", a, b) for a, b in zip(words[::2], words[1::2], strict=False))))
    assert found == sorted(found)
    assert all(spans[0][0] <= start < end <= spans[-1][1] for start, end in found)
