"""Who is who: one subject and one companion at most, who speaks, who is welcomed, who was misheard."""

from __future__ import annotations

import pytest
from household import GROUP, Household, run_stages
from hypothesis import given
from hypothesis import strategies as st

from forensics.case.kinds import ROLES
from forensics.profile.gathering import gather
from forensics.profile.people import find_people
from forensics.profile.roles import shared_roles


def claims_of(home, folder):
    case = home.write(folder)
    run_stages(case, "profile")
    return case.frame("claims").set_index("value")


def said(text, name, domain="general"):
    home = Household(shape="text")
    home.says(text, ("PERSON", name), domain=domain, language="en")
    return home


def persons_of(*utterances):
    home = Household(shape="text")
    for text, name, domain in utterances:
        home.says(text, ("PERSON", name), domain=domain, language="en")
    people = find_people(gather(GROUP, home.role, **home.tables()))
    return {(p.name.first or p.name.full): p.roles for p in people} | {p.name.full: p.roles for p in people}


def alone(**weights):
    rest = (1 - sum(weights.values())) / (len(ROLES) - len(weights))
    return {role: weights.get(role, rest) for role in ROLES}


def test_two_people_by_hand():
    """a = (.6, .5) companion, nobody the subject: each keeps .6 * .5 / (1 - .3) and so on."""
    both = [
        {"companion": 0.6, "contact": 0.4, "subject": 0.0},
        {"companion": 0.5, "contact": 0.5, "subject": 0.0},
    ]
    one, other = shared_roles(both, [1.0, 1.0])
    assert one["companion"] == pytest.approx(0.3 / 0.7)
    assert other["companion"] == pytest.approx(0.2 / 0.7)


def test_subject_and_companion_exclude_each_other_only_in_kind():
    both = [{"companion": 0.5, "subject": 0.5}, {"companion": 0.5, "subject": 0.5}]
    one, other = shared_roles(both, [1.0, 1.0])
    assert one["companion"] == pytest.approx(0.5) == other["subject"]


def test_a_name_that_was_not_said_takes_no_role_away():
    sure = alone(companion=0.7)
    kept, _ = shared_roles([sure, alone(companion=0.9)], [1.0, 0.0])
    assert kept["companion"] == pytest.approx(0.7)


weights = st.lists(st.floats(0.01, 1.0), min_size=len(ROLES), max_size=len(ROLES)).map(
    lambda values: {role: value / sum(values) for role, value in zip(ROLES, values, strict=True)}
)


@given(st.lists(st.tuples(weights, st.floats(0, 1)), min_size=1, max_size=8))
def test_shared_roles_are_probabilities_in_any_order(people):
    roles, named = [r for r, _ in people], [p for _, p in people]
    found = shared_roles(roles, named)
    assert all(sum(r.values()) == pytest.approx(1) for r in found)
    assert all(0 <= p <= 1 for r in found for p in r.values())
    backwards = shared_roles(roles[::-1], named[::-1])[::-1]
    assert all(a["subject"] == pytest.approx(b["subject"]) for a, b in zip(found, backwards, strict=True))


@pytest.mark.parametrize(
    ("text", "name", "domain", "role"),
    [
        ("Hello Tom, come in, have a seat", "Tom", "general", "visitor"),
        ("Komm doch rein Tom", "Tom", "general", "visitor"),
        ("Weck Jonas um sieben Uhr", "Jonas", "communication", "child"),
        ("Send a message to Katrin, I will be home at seven", "Katrin", "communication", "companion"),
        ("My name is Oliver", "Oliver", "communication", "subject"),
        ("Pizza auf den Namen Oliver Weber", "Oliver Weber", "food", "subject"),
        ("Call Hannah", "Hannah", "communication", "contact"),
    ],
)
def test_what_the_words_around_a_name_say(text, name, domain, role):
    """More than the name alone says, and more than of somebody who is only talked of."""
    said = persons_of((text, name, domain))[name]
    alone = persons_of((f"{name} hat angerufen und {name} kommt nicht", name, "general"))[name]
    assert said[role] > alone[role]


def test_words_that_announce_a_name_confirm_it():
    plain, told = (
        persons_of(("Hanna", "Hanna", "general")),
        persons_of(("My name is Hanna", "Hanna", "general")),
    )
    assert told["Hanna"]["nobody"] + told["Hanna"]["public_figure"] < 0.6
    assert told["Hanna"]["subject"] > plain["Hanna"]["subject"]


def test_a_name_misheard_is_no_second_person(tmp_path):
    home = Household()
    for _ in range(3):
        home.says("Ruf Sabine Oltmanns an", ("PERSON", "Sabine Oltmanns"), domain="communication")
    home.says("Ruf Sabine Oltmonds an", ("PERSON", "Sabine Oltmonds"), domain="communication")
    contacts = claims_of(home, tmp_path / "c").query("attribute == 'contact'")
    assert contacts.index.tolist() == ["Sabine Oltmanns"]
    assert contacts["n_support"].tolist() == [4]


def test_two_namesakes_stay_two_people(tmp_path):
    home = Household()
    for name in ("Anna Meier", "Anne Meier"):
        for _ in range(2):
            home.says(f"Ruf {name} an", ("PERSON", name), domain="communication")
    assert len(claims_of(home, tmp_path / "c").query("attribute == 'contact'")) == 2


@pytest.mark.parametrize(
    ("forms", "name"),
    [
        (("Maximilian", "Maxi", "Maximilians"), "Maximilian"),
        (("Meyer", "Maier"), None),
        (("Katharina", "Kathi"), "Katharina"),
    ],
)
def test_forms_of_one_name_are_one_person(forms, name):
    home = Household(shape="text")
    for form in forms:
        home.says(f"erinnere {form} an den Zahnarzt", ("PERSON", form), domain="calendar")
        home.says(f"ruf {form} an", ("PERSON", form), domain="communication")
    people = find_people(gather(GROUP, home.role, **home.tables()))
    assert len(people) == 1
    assert name is None or people[0].name.full == name
    assert set(people[0].cluster.forms) == set(forms)


def test_a_wifes_word_is_no_title():
    (katrin,) = find_people(
        gather(
            GROUP, "devices", **said("schreib meiner frau katrin dass ich später komme", "katrin").tables()
        )
    )
    assert (katrin.name.first, katrin.name.last) == ("Katrin", None)
    assert katrin.role == "companion"


def test_names_that_the_reader_passed_over_are_found_by_lists_titles_and_cues():
    home = Household(shape="text")
    home.says("erinnere thomas an den müll")
    home.says("ruf frau zschunke an")
    home.says("thomas kommst du")
    people = {p.name.full: p for p in find_people(gather(GROUP, home.role, **home.tables()))}
    assert len(people["Thomas"].utterance_ids) == 2
    assert people["Zschunke"].name.last == "Zschunke"


def test_relations_have_the_role_that_they_name(tmp_path):
    home = Household()
    for relation in ("wife", "son", "grandmother"):
        home.says(f"flowers for my {relation}", ("RELATION", relation), language="en")
    roles = claims_of(home, tmp_path / "c").query("attribute == 'relation'")["subject_role"]
    assert roles.to_dict() == {"wife": "companion", "son": "child", "grandmother": "relative"}


def test_a_name_on_the_air_weighs_less(tmp_path):
    home = Household()
    home.says("Am Ende gewinnt München gegen Paul", ("PERSON", "Paul"), ("PLACE", "Munich"), accidental=0.9)
    claims = claims_of(home, tmp_path / "c")
    assert claims.loc["Munich", "p_true"] < 0.2
    assert all(p < 0.72 for value, p in claims["p_true"].items() if value == "Paul")
