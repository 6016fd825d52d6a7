"""One witness per recording, repetition with a ceiling, names in their parts."""

from __future__ import annotations

import pytest
from household import GROUP, Household
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.knowledge.names import SpokenName, fold, split_name
from forensics.profile.evidence import SHARED_ERROR, p_any, p_said
from forensics.profile.gathering import gather, weigh_by_lexicon


def evidence(home):
    return gather(GROUP, home.role, **home.tables())


def test_repetition_by_hand():
    # .25 * (1 - .8) + .75 * .2 * .2 = .08 is wrong
    assert p_any([0.8, 0.8]) == pytest.approx(0.92)
    assert p_any([0.6]) == pytest.approx(0.6)
    assert p_any([]) == 0.0


probabilities = st.lists(st.floats(min_value=0.0, max_value=0.995), min_size=1, max_size=30)


@settings(deadline=None)
@given(probabilities, st.floats(min_value=0.0, max_value=0.995))
def test_repetition_never_lowers_and_never_makes_certain(heard, more):
    assert p_any([*heard, more]) >= p_any(heard) - 1e-12
    ceiling = 1 - SHARED_ERROR * (1 - max(heard))
    assert max(heard) - 1e-12 <= p_any(heard) <= ceiling + 1e-12


@settings(deadline=None)
@given(probabilities)
def test_order_of_hearings_does_not_matter(heard):
    assert p_any(heard) == pytest.approx(p_any(heard[::-1]))


def test_vendor_and_we_are_one_witness():
    home = Household()
    name = home.says("Wetter in Oldenburg", ("PLACE", "Oldenburg"), domain="weather")
    home.mention(name, "PLACE", "oldenburg", "Oldenburg", source="vendor", confidence=None)
    found = evidence(home).of("PLACE")
    assert len(found) == 1
    assert found[0].sources == {"audio", "vendor"}
    assert len(found[0].mention_ids) == 2
    assert found[0].p == pytest.approx(weigh_by_lexicon(0.9, "PLACE", "Oldenburg", on_the_map=True) * 0.95)


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("PLACE", "Oldenburg", 0.75),  # even odds times 3
        ("PLACE", "Xqzt", 0.3 / 1.3),
        ("PERSON", "Martin", 0.8),  # times 4
        ("PERSON", "Cactrin", 0.3 / 1.3),
        ("PERSON", "Martin Schneider", 8 / 9),  # times 4 times 2
        ("DEVICE", "Oldenburg", 0.5),
    ],
)
def test_known_names_were_heard_rightly_more_often(label, value, expected):
    assert weigh_by_lexicon(0.5, label, value, on_the_map=value == "Oldenburg") == pytest.approx(expected)


def test_the_same_sentence_again_does_not_confirm_how_it_was_read():
    same, other = Household(), Household()
    for number in range(5):
        same.says("Ruf Martin an", ("PERSON", "Martin"), domain="communication", confidence=0.6)
        other.says(
            f"Ruf {number} mal Martin an", ("PERSON", "Martin"), domain="communication", confidence=0.6
        )
    heard = {name: evidence(home).of("PERSON") for name, home in (("s", same), ("o", other))}
    assert p_said(heard["s"]) <= 0.95 + 1e-9  # the language model's own score
    assert p_said(heard["o"]) > p_said(heard["s"])


def test_two_readings_of_one_word_exclude_each_other():
    home = Household()
    name = home.says("Wetter in Ollenburg", ("PLACE", "Ollenburg"), domain="weather", confidence=0.6)
    home.mention(name, "PLACE", "Oldenburg", source="vendor", confidence=None)
    (found,) = evidence(home).of("PLACE")
    # A known place: odds .85 / .15 times 3; none of that name: odds .6 / .4 times .3.
    vendor, ours = 0.95 * 17 / 18, 0.95 * 0.45 / 1.45
    total = vendor * (1 - ours) + ours * (1 - vendor) + (1 - ours) * (1 - vendor)
    assert found.value == "Oldenburg"
    assert found.p == pytest.approx(vendor * (1 - ours) / total)
    assert found.alternatives["Ollenburg"] == pytest.approx(ours * (1 - vendor) / total)


def test_local_time_follows_the_language_where_the_export_states_none():
    home = Household()
    home.says("Guten Morgen", at="2018-05-07T22:30")
    home.utterances[0]["utc_offset_min"] = None
    recording = evidence(home).utterances[0]
    assert recording.local.isoformat() == "2018-05-08T00:30:00"  # summer time in Berlin


@pytest.mark.parametrize(
    ("place", "clock"),
    [("Oldenburg", "06:20"), ("Chicago", "23:20"), ("Los Angeles", "21:20")],
)
def test_local_time_follows_the_place_named_most_whatever_the_language(place, clock):
    home = Household()
    home.says(f"weather in {place}", ("PLACE", place), domain="weather", language="en", at="2018-05-07T04:20")
    home.utterances[0]["utc_offset_min"] = None
    recording = evidence(home).utterances[0]
    assert recording.local.strftime("%H:%M") == clock  # all in summer time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Martin", SpokenName("Martin", None)),
        ("Frau Weber", SpokenName(None, "Weber")),
        ("Herr Dr. Weber", SpokenName(None, "Weber")),
        ("sabine weber", SpokenName("Sabine", "Weber")),
        ("Ludwig van Beethoven", SpokenName("Ludwig", "van Beethoven")),
        ("Anna-Lena Müller", SpokenName("Anna-Lena", "Müller")),
        ("Martin's", SpokenName("Martin", None)),
        ("Xenolf", SpokenName("Xenolf", None)),  # unknown: names heard alone are mostly first names
        ("Schneider", SpokenName(None, "Schneider")),
        ("!?", None),
        ("Dr.", None),
    ],
)
def test_split_name(text, expected):
    assert split_name(text) == expected


@settings(deadline=None)
@given(st.text())
def test_names_of_any_shape_are_survived(text):
    name = split_name(text)
    assert name is None or name.full.strip()
    assert fold(fold(text)) == fold(text)
