"""What passes through the doors: any shape of bundle, ids instead of names, words that steer nothing."""

from __future__ import annotations

from enum import Enum

import pytest
from household import GROUP, Household, ct_household, run_stages

from forensics.case.case import Case
from forensics.case.schemas import TABLES
from forensics.knowledge.gazetteer import place_by_id
from forensics.profile import wording
from forensics.profile.gathering import gather
from forensics.profile.stage import profile

_IDS = {"claim_id", "utterance_ids", "mention_ids", "sources", "steps", "person_id"}
_PROBABILITIES = {"p_value", "p_true", "alternatives"}


def claims_of(home: Household) -> list[dict]:
    return profile(gather(GROUP, home.role, **home.tables()))["claims"]


def bare(claim: dict) -> tuple:
    """A claim without ids, what is for people, and how sure the words are."""
    left_out = _IDS | _PROBABILITIES | set(TABLES["claims"].displayed)
    kept = {k: v for k, v in claim.items() if k not in left_out}
    if claim["attribute"] == "accidental_recording":
        kept.pop("value")
    return tuple(sorted((k, repr(v)) for k, v in kept.items()))


def test_vendor_text_loose_lines_and_a_history_without_sound_give_the_same_claims():
    sound, vendor, text = (claims_of(ct_household(shape)) for shape in ("sound", "vendor", "text"))
    assert sorted(map(bare, sound)) == sorted(map(bare, vendor)) == sorted(map(bare, text))
    assert {s for c in text for s in c["sources"]} == {"vendor"}


def test_the_same_words_without_sound_are_as_sure_as_with_it():
    vendor, text = (claims_of(ct_household(shape)) for shape in ("vendor", "text"))
    without_sources = [
        sorted((c["attribute"], str(c["value"])[:8], c["p_true"]) for c in claims
               if c["attribute"] != "accidental_recording")
        for claims in (vendor, text)
    ]  # fmt: skip
    assert without_sources[0] == without_sources[1]


def test_rewording_changes_nothing(monkeypatch, tmp_path):
    def tables(folder):
        case = ct_household().write(folder)
        run_stages(case, "profile")
        return {
            name: case.frame(name).drop(columns=TABLES[name].displayed).to_json() for name in TABLES
            if name in ("claims", "persons")
        }  # fmt: skip

    before = tables(tmp_path / "a")
    noise = {key: f"qx{n} zzz" for n, key in enumerate(wording.WORDING)}
    monkeypatch.setattr(wording, "WORDING", noise)
    assert tables(tmp_path / "b") == before
    case = Case.open(tmp_path / "b")
    assert case.frame("claims")["reason"].str.startswith("qx").all()


def test_every_kind_has_its_own_words():
    kinds = [*wording.Phrase, *wording.Hint, *wording.AccountField, *wording.PlaceHint]
    assert all(isinstance(kind, Enum) for kind in kinds)
    assert len(set(kinds)) == len(kinds)
    assert set(wording.WORDING) == set(kinds)


def test_places_travel_as_ids():
    home = Household()
    home.says("Wetter in Neustadt", ("PLACE", "Neustadt"), domain="weather")
    mention = home.mentions[0]
    mention["normalised"] = "Xqzt"  # no name of the gazetteer
    (claim,) = [c for c in claims_of(home) if c["attribute"] == "home_place"]
    assert [p["place_id"] for p in claim["places"]] == [p["place_id"] for p in mention["places"]][:5]
    assert claim["value"] == place_by_id(claim["places"][0]["place_id"]).key


def test_here_is_no_place():
    home = Household()
    home.says("Wetter hier", ("PLACE", "hier"), domain="weather")
    home.mentions[0] |= {"entity": "here", "places": []}
    assert not [c for c in claims_of(home) if c["attribute"].endswith("_place")]


@pytest.mark.parametrize(
    ("field", "meaning", "attribute", "role"),
    [
        ("customer name", "person", "first_name", "subject"),
        ("Empfänger", "person", "contact", "contact"),
        ("contact name", "person", "contact", "contact"),
        ("child profile", "person", "child", "child"),
        ("", "speaker", "first_name", "companion"),  # the subject is another
    ],
)
def test_an_accounts_names_are_judged_by_their_field(field, meaning, attribute, role):
    home = Household(role="account")
    for row in range(3):
        home.mention(
            None, "PERSON", "Petra Schulz", source="account", member=f"m{row}", field="account holder"
        )
    home.mention(None, "PERSON", "Anke Vogt", source="account", member="m9", field=field, meaning=meaning)
    claim = next(c for c in claims_of(home) if c["value"].startswith("Anke"))
    assert (claim["attribute"], claim["subject_role"]) == (attribute, role)


def test_people_of_an_accounts_own_history_are_judged_by_what_is_said_of_them():
    """The vendor's words in an account's own export are utterances of the household like any other."""
    home, account = Household(shape="text"), Household(role="account", shape="text")
    for one in (home, account):
        one.says("ruf Sabine Oltmanns an", ("PERSON", "Sabine Oltmanns"), domain="communication")
        one.says("erinnere meinen Mann Jens an den Zahnarzt", ("PERSON", "Jens"), domain="calendar")
    found = [
        sorted((c["attribute"], c["subject_role"], c["value"]) for c in claims_of(h)) for h in (home, account)
    ]
    assert found[0] == found[1]
    assert ("first_name", "companion", "Jens") in found[0]
    assert not [c for c in found[0] if c[0] == "child"]


def test_persons_are_what_claims_point_at(tmp_path):
    case = ct_household().write(tmp_path / "c")
    run_stages(case, "profile")
    persons, claims = case.frame("persons").set_index("person_id"), case.frame("claims")
    named = claims[claims["person_id"].notna()]
    assert set(named["person_id"]) <= set(persons.index)
    katrin = persons.loc[named[named["value"] == "Katrin"]["person_id"].iloc[0]]
    assert max(katrin["roles"], key=lambda r: r["probability"])["value"] == "companion"
    assert [f["value"] for f in katrin["forms"]] == ["Katrin"]
