"""Days on which nobody was at home, alarms that rang, and words that name no place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from household import Household, run_stages
from hypothesis import given
from hypothesis import strategies as st

from forensics.profile.absences import AWAY_PER_DAY, resolve


def claims_of(home, folder):
    case = home.write(folder)
    run_stages(case, "profile")
    return case.frame("claims")


def month(home, *, silent=()):
    """A command every day of May at noon, but for the silent days."""
    for day in range(1, 31):
        if day not in silent:
            home.says("lauter", domain="volume", at=f"2018-05-{day:02d}T12:00")
    return home


def absences(home, folder):
    claims = claims_of(home, folder)
    return claims[claims["attribute"] == "absence"].set_index("value")


def test_three_silent_days_by_hand(tmp_path):
    """No other silent day in 27: s = 1 / 29, odds = (1 / 150) / s^3."""
    found = absences(month(Household(), silent=(19, 20, 21)), tmp_path / "c")
    odds = AWAY_PER_DAY * 29**3
    assert found.index.tolist() == ["2018-05-19/2018-05-21"]
    assert found["p_true"].iloc[0] == pytest.approx(min(0.95, odds / (1 + odds)), abs=1e-4)
    assert len(found["utterance_ids"].iloc[0]) == 2  # the last before, the first after


def test_who_is_often_silent_is_not_away(tmp_path):
    silent = {d for d in range(1, 31) if d % 3}  # every third day only
    assert absences(month(Household(), silent=silent), tmp_path / "c").empty


def test_luggage_before_and_the_weather_elsewhere_make_it_surer(tmp_path):
    quiet = (19, 20)
    plain = absences(month(Household(), silent=(*quiet, 5, 9)), tmp_path / "a")
    home = month(Household(), silent=(*quiet, 5, 9))
    home.says("Erinnere mich morgen die Koffer zu packen", ("DATE", "morgen"), at="2018-05-17T20:00")
    home.says("Wetter am Samstag in Hamburg", ("PLACE", "Hamburg"), ("TIME", "am samstag"), domain="weather",
              at="2018-05-18T10:00")  # fmt: skip
    told = absences(home, tmp_path / "b")
    assert told.loc["2018-05-19/2018-05-20", "p_true"] > plain.loc["2018-05-19/2018-05-20", "p_true"]
    assert told.loc["2018-05-19/2018-05-20", "n_support"] > plain.loc["2018-05-19/2018-05-20", "n_support"]


def test_an_app_travels_with_its_owner(tmp_path):
    home = month(Household(), silent=(19, 20, 21))
    home.says("restaurant near the harbour", at="2018-05-20T12:00", device="Alexa app")
    found = absences(home, tmp_path / "c")
    assert len(found["utterance_ids"].iloc[0]) == 3  # the last before, the first after, the one elsewhere


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("morgen", "2018-05-18", "2018-05-18"),
        ("übermorgen", "2018-05-19", "2018-05-19"),
        ("next weekend", "2018-05-19", "2018-05-20"),
        ("Donnerstag", "2018-05-24", "2018-05-24"),  # said on a Thursday: the next one
        ("2018-06-02", "2018-06-02", "2018-06-02"),
    ],
)
def test_resolve(words, first, last):
    assert resolve(words, date(2018, 5, 17)) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("words", ["jeden morgen", "2018-13-45", "bald", ""])
def test_resolve_leaves_the_rest(words):
    assert resolve(words, date(2018, 5, 17)) is None


@given(st.text(max_size=30), st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_resolve_survives_anything(words, said):
    found = resolve(words, said)
    assert found is None or found[0] <= found[1] <= found[0] + timedelta(1)


def test_an_alarm_that_rang_confirms_the_time(tmp_path):
    home = Household()
    home.says("Weck mich um 6:20", ("TIME", "06:20"), domain="alarm", at="2018-05-06T20:00")
    plain = claims_of(home, tmp_path / "a")
    home.says("snooze", domain="alarm", at="2018-05-07T06:22", language="en")
    home.says("snooze", domain="alarm", at="2018-05-08T06:21", language="en")
    rang = claims_of(home, tmp_path / "b")
    before, after = (c[c["attribute"] == "routine_wake"].iloc[0] for c in (plain, rang))
    assert before["value"] == after["value"] == "06:20 workdays"
    assert after["p_true"] > before["p_true"]
    assert after["n_support"] == 3


def test_alarms_that_rang_twice_need_nobody_to_set_them(tmp_path):
    home = Household()
    for day in (7, 8):
        home.says("snooze", domain="alarm", at=f"2018-05-0{day}T06:2{day % 5}", language="en")
    claims = claims_of(home, tmp_path / "c")
    assert claims[claims["attribute"] == "routine_wake"]["value"].tolist() == ["06:20 workdays"]


def test_an_alarm_for_a_child_is_not_the_subjects(tmp_path):
    home = Household()
    home.says("Weck Jonas um 7:00", ("PERSON", "Jonas"), ("TIME", "07:00"), domain="alarm")
    claims = claims_of(home, tmp_path / "c")
    assert claims[claims["attribute"] == "routine_wake"]["p_true"].iloc[0] < 0.3


def test_journeys_on_workday_mornings_are_the_way_to_work(tmp_path):
    home = Household()
    for day in (7, 8, 9):
        home.says("next train to Bremen", ("PLACE", "Bremen"), domain="transport", language="en",
                  at=f"2018-05-0{day}T06:50")  # fmt: skip
    claims = claims_of(home, tmp_path / "c")
    assert claims[claims["attribute"] == "work_place"]["value"].tolist() == ["Bremen"]


@pytest.mark.parametrize("word", ["Bahnhof", "Hauptbahnhof", "harbour", "Innenstadt"])
def test_a_common_noun_is_no_place(tmp_path, word):
    home = Household()
    home.says(f"bus zum {word}", ("PLACE", word), domain="transport")
    claims = claims_of(home, tmp_path / "c")
    assert claims[claims["attribute"].str.endswith("_place")].empty
