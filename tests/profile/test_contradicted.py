"""A name that only the vendor read, where our own words in its place are clear."""

from __future__ import annotations

import pytest

from forensics.profile.contradicted import doubted, instead
from forensics.profile.records import Heard


def words(text: str, p: float = 0.9) -> list[tuple[str, float]]:
    return [(word, p) for word in text.split()]


def sure(vendor: str, name: str, ours: str) -> float:
    start = vendor.index(name)
    return instead(vendor, start, start + len(name), words(ours))


CLEAR = "Alexa erinnere mich morgen daran, die Koffer zu packen."
GARBLED = "alexa eleanor image morgan darren"


@pytest.mark.parametrize("name", ["morgan darren", "eleanor"])
def test_other_words_in_the_place_of_a_name(name):
    assert sure(GARBLED, name, CLEAR) > 0.96


def test_the_same_name_in_another_spelling_contradicts_nothing():
    assert sure("call stefan brinkmann", "stefan brinkmann", "Call Stefan Brinkman.") == 0.0
    assert sure("wie wird das wetter in celle", "celle", "wie wird das wetter in Celle") == 0.0


def test_readings_with_nothing_in_common_are_not_laid_side_by_side():
    assert sure("eleanor image", "eleanor", "spiel das radio") == 0.0
    assert sure(GARBLED, "eleanor", "") == 0.0


def heard(p: float) -> Heard:
    return Heard("u", "PERSON", "Morgan Darren", {}, p, ("m",), frozenset({"vendor"}), asr=p)


def test_at_most_one_of_two_readings_is_right():
    """v = .8, a = .9: .8 * .1 / (.8 * .1 + .9 * .2 + .2 * .1) = .08 / .28."""
    mention = {"source_kind": "vendor", "start": 6, "end": 13}
    one = doubted(heard(0.8), mention, "alexa eleanor an", [words("Alexa erinnere an")])
    assert one.p == pytest.approx(0.08 / 0.28)
    assert one.asr == pytest.approx(0.08 / 0.28)


def test_what_we_read_ourselves_and_what_nobody_else_read_stays():
    ours = {"source_kind": "audio", "start": 20, "end": 33}
    vendors = {"source_kind": "vendor", "start": 20, "end": 33}
    assert doubted(heard(0.8), ours, GARBLED, [words(CLEAR)]).p == 0.8
    assert doubted(heard(0.8), vendors, GARBLED, []).p == 0.8
