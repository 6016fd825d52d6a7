"""Texts of any kind make honest claims or none, and no exception."""

from __future__ import annotations

import pytest
from household import GROUP, Household, run_stages, write_households
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.case.case import Case
from forensics.profile.gathering import gather
from forensics.profile.naming import name_spans
from forensics.profile.says import SAYS, shipped_readers
from forensics.profile.stage import profile


def claims_of(home):
    return profile(gather(GROUP, home.role, **home.tables()))["claims"]


ODD = (
    "ja", "aus", "🙂🙂🙂", "", " ", "SPIEL MUSIK LAUTER BITTE", "wort " * 1000,
    "привет как дела сегодня вечером",
    "bonjour quel temps fait il demain à lyon", "1234 5678 90", "...", "a" * 5000, "'s 's 's",
    "\u202eabc", "ß ß ß",
)  # fmt: skip


@pytest.mark.parametrize("shape", ["sound", "text"])
def test_odd_texts_claim_nobody_and_no_place(shape):
    home = Household(shape=shape)
    for number, text in enumerate(ODD):
        home.says(text, at=f"2018-05-{number + 1:02d}T{12 + number % 10}:{number * 7 % 60:02d}")
    bold = [c for c in claims_of(home) if c["p_true"] >= 0.5]
    assert {c["attribute"] for c in bold} <= {"language"}


def test_one_utterance_claims_nothing_boldly():
    home = Household(shape="text")
    home.says("wie spät ist es")
    assert {c["attribute"] for c in claims_of(home) if c["p_true"] >= 0.5} <= {"language"}


def test_no_time_no_device_no_mention():
    home = Household(shape="text")
    for _ in range(5):
        home.says("mach das licht an", at=None, domain="smarthome")
    assert all(c["first_day"] is None for c in claims_of(home))


def test_a_hundred_names_are_no_household():
    names = ["anna", "emma", "julia", "sarah", "laura", "lena", "lisa", "katharina", "johanna", "marie",
        "paul", "jonas", "felix", "lukas", "tim", "max", "jan", "tom", "niklas", "philipp"]  # fmt: skip
    home = Household(shape="text")
    home.says(" ".join(names * 5))
    found = claims_of(home)
    assert sum(c["subject_role"] == "subject" and c["attribute"] == "first_name" for c in found) <= 1
    assert all(c["p_true"] < 0.9 for c in found if c["attribute"] in ("first_name", "child"))


def test_two_households_stay_apart(tmp_path):
    one, other = Household("devices-1"), Household("devices-2")
    one.says("erinnere Karin an den Zahnarzt", ("PERSON", "Karin"), domain="calendar")
    other.says("wie wird das wetter in Bamberg", ("PLACE", "Bamberg"), domain="weather")
    case = Case.create(tmp_path / "c")
    write_households(case, [one, other])
    run_stages(case, "profile")
    claims = case.frame("claims")
    assert set(claims[claims["value"] == "Bamberg"]["data_subject_group"]) == {"devices-2"}
    assert set(case.frame("persons")["data_subject_group"]) == {"devices-1"}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=80), min_size=1, max_size=6))
def test_any_text_is_survived(texts):
    home = Household(shape="text")
    for text in texts:
        home.says(text)
    for claim in claims_of(home):
        assert 0.0 <= claim["p_true"] <= 1.0


@settings(deadline=None)
@given(st.text(max_size=200))
def test_what_is_said_of_a_name_is_a_probability(text):
    for span in name_spans(text):
        assert text[span.start : span.end].split()[0].startswith(span.words[0][:1])
        p = shipped_readers().names.p(text, span.start, span.end)
        assert p.shape == (len(SAYS),)
        assert float(p.sum()) == pytest.approx(1.0)
