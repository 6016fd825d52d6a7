"""Which names the household is known to use, where they may have been misheard, and what becomes of them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.transcription.doubtful import Doubtful, doubtful
from forensics.transcription.known_names import KnownName, Span, folded, known_names, nearest, place_of
from forensics.transcription.second_hearing import Candidate, alternatives, rows


def mention(surface: str, recording: str | None, source: str = "audio", **facts: Any) -> dict[str, Any]:
    return {
        "surface": surface, "normalised": surface, "label": "PERSON", "source_kind": source,
        "utterance_id": recording, "recording_id": recording, "asr_confidence": 0.9, "entity": "name",
        "places": [], "start": 12, "end": 12 + len(surface), **facts,
    }  # fmt: skip


def transcript(recording: str, text: str, probability: float = 0.4) -> dict[str, Any]:
    words = [
        {"word": w, "start_s": float(n), "end_s": n + 0.9, "probability": probability}
        for n, w in enumerate(text.split())
    ]
    return {
        "utterance_id": recording, "recording_id": recording, "data_subject_group": "one", "text": text,
        "language": "en",
        "words": words,
        "alternatives": [{"value": "Alexa, call Anna Brinkmann.", "probability": 0.2}],
    }  # fmt: skip


def candidate(name: str, start: int, end: int, odds: float) -> Candidate:
    """One whose odds are as given, whatever the weights."""
    known = KnownName(name, "PERSON", frozenset(), frozenset({"account"}))
    none, one = (Candidate(known, Span(start, end, 0.9), (0.0, x, 0.0, 0.0)).odds for x in (0.0, 1.0))
    wanted = (odds - none) / (one - none)
    return Candidate(known, Span(start, end, 0.9), (0.0, wanted, 0.0, 0.0))


def test_evidence_is_the_vendor_the_account_and_two_recordings() -> None:
    found = known_names(
        [
            mention("Hannah", "rec-1"), mention("Hannah", "rec-2"), mention("Zbigniew", "rec-3"),
            mention("Özlem Şahin", None, "account"), mention("thuy nguyen", "rec-4", "vendor"),
            mention("Adele", "rec-5"), mention("Adele", "rec-6"),
        ],
        {"rec-5": "music", "rec-6": "music"},
    )  # fmt: skip
    assert {name.value for name in found} == {"Hannah", "Özlem Şahin", "Thuy Nguyen"}


def test_an_utterance_does_not_vouch_for_itself() -> None:
    name = KnownName("Hannah", "PERSON", frozenset({"rec-1", "rec-2"}), frozenset({"audio"}))
    assert name.known_without("rec-1") == frozenset()
    assert name.known_without("rec-9") == {"audio"}
    assert (
        KnownName("Hannah", "PERSON", frozenset({"rec-1"}), frozenset({"vendor"})).known_without("rec-1")
        == set()
    )


def test_a_misheard_call_is_doubtful_and_names_the_likest() -> None:
    mentions = [mention("Hannah Brinkmann", None, "account"), mention("Zbigniew Nowak", None, "account")]
    (item,) = doubtful(
        [transcript("rec-1", "Alexa, call Anna Brink man.")], mentions, {"rec-1": "communication"}
    )
    assert item.names[0].value == "Hannah Brinkmann"


def test_a_clear_recording_is_left_alone() -> None:
    clear = transcript("rec-1", "Alexa, turn on the light.", probability=0.99)
    assert doubtful([clear], [mention("Hannah Brinkmann", None, "account")], {"rec-1": "smarthome"}) == []


def test_the_household_without_known_names_keeps_the_other_readings_of_a_doubtful_name() -> None:
    said = transcript("rec-1", "Alexa, call Hannah Brinkman.")
    (item,) = doubtful([said], [mention("Hannah Brinkman", "rec-1", asr_confidence=0.3)], {})
    (row,) = rows(item, [])
    assert (row["first"], row["p_first"]) == ("Hannah Brinkman", 0.8)
    assert row["alternatives"] == [{"value": "Anna Brinkmann", "probability": 0.2}]
    assert (row["start_s"], row["end_s"]) == (2.0, 3.9)


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=5))
def test_probabilities_of_one_place_leave_the_first_reading_its_share(odds: list[float]) -> None:
    found = [candidate(f"Name {n}", 3, 9, value) for n, value in enumerate(odds)]
    ((_, weighed),) = alternatives(found)
    total = sum(p for _, p in weighed)
    assert 0 <= total < 1
    assert total == pytest.approx(1 - 1 / (1 + sum(math.exp(o) for o in odds)), abs=1e-9)


def test_a_name_that_only_the_beam_has_never_outweighs_the_first_reading() -> None:
    text = "Alexa, put dinner with MoCunty into my calendar."
    spans = ((text.index("MoCunty"), text.index("MoCunty") + 7, "PERSON"),)
    others = tuple((text.replace("MoCunty", name), p) for name, p in (("MoCounty", 0.57), ("Mokunty", 0.2)))
    (row,) = rows(Doubtful("utt-1", "rec-1", "one", text, "en", spans=spans, others=others), [])
    assert row["p_first"] == pytest.approx(0.5)
    assert [a["value"] for a in row["alternatives"]] == ["MoCounty", "Mokunty"]
    assert all(a["probability"] < row["p_first"] for a in row["alternatives"])


def test_an_unlikely_name_is_no_row() -> None:
    item = Doubtful("utt-1", "rec-1", "one", "Alexa, call a taxi.", "en")
    assert rows(item, [candidate("Khalid Haddad", 7, 18, -6.0)]) == []


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Alexa, call Anna Brink man.", "Hannah Brinkmann", "Anna Brink man"),
        ("Ruf bitte Agen Leschka Kowalska an", "Agnieszka Kowalska", "Agen Leschka Kowalska"),
    ],
)
def test_a_name_cut_in_two_is_found_by_its_sound(text: str, name: str, words: str) -> None:
    (span,) = nearest(text, [name])
    assert text[span.start : span.end] == words


@given(st.text(max_size=30), st.text(max_size=12))
def test_the_place_of_a_name_holds_that_name(text: str, name: str) -> None:
    if (place := place_of(text, name)) is not None:
        assert folded(text[slice(*place)]) == folded(name)
