"""What a household's commands make us claim, and how sure."""

from __future__ import annotations

import random

import pytest
from household import Household, ct_household, run_stages, write_households

from forensics.case.case import Case
from forensics.case.digests import clean


def claims_of(home, folder):
    case = home.write(folder)
    run_stages(case, "profile")
    return case.frame("claims")


def one(claims, attribute, value=None):
    rows = claims[claims["attribute"] == attribute]
    if value is not None:
        rows = rows[rows["value"] == value]
    assert len(rows) == 1, rows[["attribute", "value"]]
    return rows.iloc[0]


def weights(row, column="roles"):
    return {r["value"]: r["probability"] for r in row[column]}


@pytest.fixture(scope="module")
def claims(tmp_path_factory):
    return claims_of(ct_household(), tmp_path_factory.mktemp("case") / "c")


def test_home_and_other_places(claims):
    home = one(claims, "home_place")
    assert home["value"] == "Oldenburg"
    assert home["n_support"] == 4
    assert 0.5 < weights(home)["home"] <= 0.97
    assert set(claims[claims["attribute"] == "other_place"]["value"]) == {"Mallorca", "Bremen"}


def test_people_and_their_roles(claims):
    by_value = claims[claims["subject_role"] != "unknown"].set_index("value")
    assert by_value.loc["Katrin", "subject_role"] == "companion"
    assert by_value.loc["Martin", "subject_role"] in ("subject", "companion", "child")
    assert one(claims, "contact")["value"] == "Sabine Oltmanns"
    assert one(claims, "surname")["subject_role"] == "contact"
    assert "Helene Fischer" not in set(claims[claims["attribute"] == "contact"]["value"])
    assert "Helene" not in set(claims[claims["attribute"] == "first_name"]["value"])


def test_habits(claims):
    wake = max(claims[claims["attribute"] == "routine_wake"].to_dict("records"), key=lambda c: c["p_true"])
    assert (wake["clock_min"], wake["n_support"]) == (6 * 60 + 30, 4)
    assert one(claims, "device")["value"] == "thermostat"
    assert one(claims, "service")["value"] == "Spotify"
    assert one(claims, "language")["value"] == "de"
    assert len(one(claims, "accidental_recording")["utterance_ids"]) == 1


def test_every_claim_rests_on_something_and_says_so(claims):
    assert (claims["utterance_ids"].map(len) > 0).all()
    assert (claims["n_support"] >= 1).all()
    assert claims["reason"].str.endswith(".").all()
    total = claims["alternatives"].map(lambda a: sum(x["probability"] for x in a)) + claims["p_true"]
    assert (total <= 1 + 1e-6).all()


def test_the_order_of_recordings_changes_nothing(tmp_path, claims):
    shuffled = ct_household()
    for table in (shuffled.utterances, shuffled.transcripts, shuffled.mentions, shuffled.intents):
        random.Random(3).shuffle(table)
    other = claims_of(shuffled, tmp_path / "c")
    assert clean(other.to_dict("records")) == clean(claims.to_dict("records"))


def test_a_place_queried_once_is_likely_the_home_and_not_surely(tmp_path):
    home = Household()
    home.says("Wie wird das Wetter in Bamberg", ("PLACE", "Bamberg"), domain="weather", at="2018-05-07T15:00")
    row = one(claims_of(home, tmp_path / "c"), "home_place")
    assert weights(row)["home"] < 0.85


def test_spoken_of_as_home_beats_asked_for(tmp_path):
    home = Household()
    home.says("Wetter in Bamberg", ("PLACE", "Bamberg"), domain="weather", at="2018-05-08T15:00")
    home.says(
        "Wie warm ist es bei uns in Coburg", ("PLACE", "Coburg"), domain="weather", at="2018-05-09T15:10"
    )
    assert one(claims_of(home, tmp_path / "c"), "home_place")["value"] == "Coburg"


def test_way_to_work(tmp_path):
    home = Household()
    home.says("Wie ist der Verkehr zur Arbeit nach Fürth", ("PLACE", "Fürth"), domain="transport")
    home.says(
        "Wie ist der Verkehr zur Arbeit nach Fürth",
        ("PLACE", "Fürth"),
        domain="transport",
        at="2018-05-08T07:30",
    )
    assert one(claims_of(home, tmp_path / "c"), "work_place")["value"] == "Fürth"


def test_a_child(tmp_path):
    home = Household()
    home.says("Stell einen Timer für meine Tochter Lena", ("PERSON", "Lena"), domain="timer")
    row = one(claims_of(home, tmp_path / "c"), "child")
    assert (row["value"], row["subject_role"]) == ("Lena", "child")


def test_a_relatives_surname_may_be_the_subjects(tmp_path):
    home = Household()
    home.says("Ruf Oma Hilde Brandt an", ("PERSON", "Hilde Brandt"), domain="communication")
    row = one(claims_of(home, tmp_path / "c"), "surname")
    assert row["p_shared"] == pytest.approx(0.7)


def test_special_categories_stay_possible(tmp_path):
    home = Household()
    for day in range(1, 9):
        name = home.says("Erinnere mich an die Tabletten", at=f"2018-05-{day:02d}T08:00")
        home.mention(name, "OTHER", "Tabletten", special="health")
    row = one(claims_of(home, tmp_path / "c"), "health")
    assert row["p_true"] <= 0.5
    assert row["n_support"] == 8


def test_alternatives_are_kept(tmp_path):
    home = Household()
    home.says(
        "Ruf Marten an",
        ("PERSON", "Marten", "Marten", {"Martin": 0.1}),
        domain="communication",
        confidence=0.6,
    )
    row = one(claims_of(home, tmp_path / "c"), "contact")
    assert weights(row, "alternatives")["Martin"] == pytest.approx(0.1, abs=0.01)


def test_no_claim_spans_groups(tmp_path):
    one_home, other = Household("devices-1"), Household("account-2", "account")
    one_home.says("Wetter in Bamberg", ("PLACE", "Bamberg"), domain="weather")
    for row in range(3):
        other.mention(None, "PERSON", "Petra Schulz", source="account", member=f"mem-{row}", confidence=None,
                      field="customer name")  # fmt: skip
    other.mention(None, "EMAIL", "p.schulz@example.org", source="account", member="mem-1", confidence=None)
    case = Case.create(tmp_path / "c")
    write_households(case, [one_home, other])
    run_stages(case, "profile")
    found = case.frame("claims")
    assert set(found[found["value"] == "Bamberg"]["data_subject_group"]) == {"devices-1"}
    account = found[found["data_subject_group"] == "account-2"].set_index("attribute")
    assert account.loc["surname", "value"] == "Schulz"
    assert account.loc["surname", "subject_role"] == "subject"
    assert account.loc["email", "subject_role"] == "subject"
    ids = {i for s in found[found["data_subject_group"] == "account-2"]["mention_ids"] for i in s}
    assert ids == {m["mention_id"] for m in other.mentions}
