"""What an account's own data says of its household, and how it joins what was heard."""

from __future__ import annotations

import pytest
from household import GROUP, Household

from forensics.profile.gathering import gather
from forensics.profile.stage import profile


def claims_of(home: Household) -> list[dict]:
    return profile(gather(GROUP, home.role, **home.tables()))["claims"]


def best(claims, attribute, role=None):
    """The likeliest claim of an attribute."""
    rows = [c for c in claims if c["attribute"] == attribute and role in (None, c["subject_role"])]
    return max(rows, key=lambda c: c["p_true"], default=None)


def values(claims, attribute, role):
    return {c["value"] for c in claims if c["attribute"] == attribute and c["subject_role"] == role}


def account() -> Household:
    return Household(role="account", shape="text")


def test_the_holder_in_two_fields_is_the_subject():
    home = account()
    home.states("Nora", "kontoinhaber.vorname", "person", person="subject")
    home.states("Quast", "kontoinhaber.nachname", "person", person="subject")
    claims = claims_of(home)
    first, last = best(claims, "first_name", "subject"), best(claims, "surname", "subject")
    assert (first["value"], last["value"]) == ("Nora", "Quast")
    assert min(first["p_true"], last["p_true"]) > 0.9
    assert first["person_id"] == last["person_id"]
    assert len(first["mention_ids"]) == 2


@pytest.mark.parametrize(
    ("role", "attribute", "claimed"),
    [
        ("companion", "first_name", "companion"),
        ("child", "child", "child"),
        ("relative", "contact", "relative"),
        ("contact", "contact", "contact"),
    ],
)
def test_members_of_the_household_have_the_role_that_their_record_gives(role, attribute, claimed):
    home = account()
    home.states("Ingrid Falk", "kundenname", "person", person="subject", line=1)
    home.states("Sverre Lund", "namn", "person", person=role, line=2)
    claim = next(c for c in claims_of(home) if c["value"] in ("Sverre", "Sverre Lund"))
    assert (claim["attribute"], claim["subject_role"]) == (attribute, claimed)
    assert claim["p_true"] > 0.75


def test_children_of_voice_profiles_are_none_of_the_adults():
    home = account()
    for who, role in (("Imogen", None), ("Rory", "child")):
        home.states(who, "profiles[].personFirstName", "speaker", person=role)
    home.states("Imogen's Echo Show", "deviceName", "device", line=2)
    for who in ("Imogen", "Rory", "Rory"):
        name = home.says("alexa turn on the light", speaker=who, language="en")
        home.mention(name, "PERSON", who, text=who, source="account", confidence=None, meaning="speaker")
    claims = claims_of(home)
    assert best(claims, "first_name")["value"] == "Imogen"
    assert best(claims, "first_name", "subject")["p_true"] > 0.75
    assert best(claims, "child")["value"] == "Rory"
    assert best(claims, "child")["p_true"] > 0.85
    assert values(claims, "first_name", "subject") == {"Imogen"}


def test_devices_and_rooms_name_the_household():
    home = account()
    for line, device in enumerate(("Biancas Echo", "Theos Zimmer", "Küche", "Flur Familie Oberhauser")):
        home.states(device, "Gerätename", "device", line=line)
    claims = claims_of(home)
    assert best(claims, "first_name", "subject")["value"] == "Bianca"
    assert best(claims, "child")["value"] == "Theo"
    surname = best(claims, "surname", "subject")
    assert surname["value"] == "Oberhauser"
    assert 0.7 < surname["p_true"] < 0.95
    assert surname["mention_ids"]
    assert not [c for c in claims if c["value"] in ("Küche", "Flur") and c["attribute"] != "device"]


def test_devices_of_recordings_name_the_household_too():
    home = Household()
    home.says("Wie wird das Wetter", device="Rasmus Hufnagels Fire TV")
    home.says("Wie spät ist es", device="Rasmuss Echo Show")
    claims = claims_of(home)
    first = best(claims, "first_name")
    assert (first["value"], first["subject_role"]) == ("Rasmus", "subject")
    assert best(claims, "surname")["value"] == "Hufnagel"
    assert values(claims, "first_name", "companion") == set()


def test_a_familys_name_that_is_not_the_holders_counts_less():
    home = account()
    home.states("Ida Moll", "account holder", "person", person="subject")
    home.states("Familie Oberhauser", "wifi.ssid", "text", line=2)
    surnames = {c["value"]: c["p_true"] for c in claims_of(home) if c["attribute"] == "surname"}
    assert surnames["Moll"] > 0.9
    assert surnames["Oberhauser"] < 0.5


def test_what_was_heard_joins_what_is_written():
    """The spelling is the account's, the support is both's."""
    home = account()
    home.states("Mathilda", "household.members[].name", "person", person="child")
    said = home.says("timer für meine tochter matilda", ("PERSON", "matilda"), domain="timer")
    claim = best(claims_of(home), "child")
    assert claim["value"] == "Mathilda"
    assert claim["utterance_ids"] == [said]
    assert claim["sources"] == ["account", "vendor"]
    assert claim["p_true"] > 0.9


def test_a_stated_partner_who_is_called_stays_the_partner():
    home = account()
    home.states("Tobias", "Name", "person", person="companion")
    home.says("ruf tobias an", ("PERSON", "tobias"), domain="communication")
    claim = next(c for c in claims_of(home) if c["value"] == "Tobias")
    assert (claim["attribute"], claim["subject_role"]) == ("first_name", "companion")
    assert claim["p_true"] > 0.75


def test_homes_and_places_of_work_that_the_account_states():
    home = account()
    home.states("14 Mill Lane, Whitby YO21 3PQ", "places[].address", "address", place="home", line=1)
    home.states("1 Dock St, Hull HU1 3DZ", "places[].address", "address", place="work", line=2)
    home.says("what's the weather in leeds", ("PLACE", "Leeds"), domain="weather", language="en")
    claims = claims_of(home)
    for attribute, value in (("home_place", "Whitby"), ("work_place", "Kingston upon Hull")):
        assert best(claims, attribute)["value"] == value
        assert best(claims, attribute)["p_true"] > 0.9
    addresses = {c["value"]: c["p_true"] for c in claims if c["attribute"] == "address"}
    assert addresses["14 Mill Lane, Whitby YO21 3PQ"] > addresses["1 Dock St, Hull HU1 3DZ"] > 0.8
    assert best(claims, "other_place")["value"] == "Leeds"


def test_deliveries_to_others_are_contacts_elsewhere():
    home = account()
    home.states("Marta Köhler", "customer_name", "person", person="subject", member="m-profile")
    home.states("Marta Köhler, Ahornweg 4, 34117 Kassel", "Ship To", "address", line=1)
    home.states("Gerlinde Abel, Seestr. 2, 18055 Rostock", "Ship To", "address", line=2)
    claims = claims_of(home)
    assert best(claims, "home_place")["value"] == "Kassel"
    assert values(claims, "address", "subject") == {"Ahornweg 4, 34117 Kassel"}
    assert values(claims, "address", "contact") == {"Seestr. 2, 18055 Rostock"}
    assert values(claims, "contact", "contact") == {"Gerlinde Abel"}
    assert values(claims, "first_name", "subject") == {"Marta"}


def test_numbers_of_contacts_are_theirs():
    home = account()
    home.states("ida@example.org", "email", "email", person="subject")
    home.states("ute@example.org", "E-Mail", "email", person="contact", line=2)
    home.states("your booking at info@example.net", "response", "answered", line=3)
    claims = claims_of(home)
    assert values(claims, "email", "subject") == {"ida@example.org"}
    assert values(claims, "email", "contact") == {"ute@example.org", "info@example.net"}


def test_settings_and_types_of_devices_are_nobody():
    home = account()
    for line, (field, meaning, text) in enumerate(
        [
            ("Third party service", "value", "enabled"), ("Default speaker", "speaker", "Kitchen"),
            ("deviceType", "device_type", "Echo Dot"), ("name", "text", "Night light"),
            ("setting", "setting", "Morning Routine"), ("label", "place", "Work"),
        ]
    ):  # fmt: skip
        home.states(text, field, meaning, line=line)
    found = {c["attribute"] for c in claims_of(home)}
    assert not found & {"first_name", "surname", "contact", "child", "other_place", "home_place"}


def test_a_name_that_stands_once_among_others_is_not_the_holders():
    home = account()
    for line, who in enumerate(("Ute Blank", "Jo Kern", "Erik Holm")):
        home.states(who, "entry", "person", line=line)
    assert all(c["p_true"] < 0.5 for c in claims_of(home) if c["subject_role"] == "subject")
