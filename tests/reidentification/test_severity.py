"""ENISA's score on the worked case of the method, and what unknown facts do."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.case.incident import CHOICES, AccountData, Containment, Intent, Recipient, Unintelligible
from forensics.errors import ForensicsError
from forensics.reidentification.circumstances import circumstances
from forensics.reidentification.severity import (
    EI_VALUES,
    assess,
    band,
    direct_identifier,
    ease_level,
    flags,
    processing_context,
)

MONTH = {
    "data_subject_group": "g", "n_recordings": 1700,
    "first_at": datetime(2018, 5, 1, tzinfo=UTC), "last_at": datetime(2018, 5, 31, tzinfo=UTC),
}  # fmt: skip
KNOWN = {"recipient": "known", "intent": "mistake", "containment": "none"}


def claim(attribute, value="x", role="subject", p=0.95, **details):
    special = details.get("special_category")
    return {
        "attribute": attribute,
        "value": value,
        "subject_role": role,
        "p_value": p,
        "p_role": 1.0,
        "p_true": p,
        "special_category": special,
    }


def risk(lo, mid, hi, adversary="stranger", attacker="listener"):
    return {
        "risk_id": "r", "adversary": adversary, "attacker": attacker, "population_n": 83_200_000,
        "k_mid": 2.0, "unit": "person",
        "p_identify_lo": lo, "p_identify_mid": mid, "p_identify_hi": hi,
    }  # fmt: skip


def test_the_worked_case_of_2018():
    """DPC 2 + 1, EI .75 to 1, CB .25: SE 2.50 (medium) to 3.25 (high)."""
    row = assess(MONTH, [claim("home_place"), claim("first_name")], [risk(0.4, 0.5, 0.95)], KNOWN)
    assert (row["dpc_lo"], row["dpc_hi"], row["cb_lo"], row["cb_hi"]) == (3.0, 3.0, 0.25, 0.25)
    assert (row["ei_lo"], row["ei_hi"]) == (0.75, 1.0)
    assert (row["se_lo"], row["se_hi"]) == (2.5, 3.25)
    assert (row["band_lo"], row["band"]) == ("medium", "high")


def test_the_worked_case_with_health():
    """DPC 4: SE 3.25 (high) to 4.25 (very high)."""
    row = assess(MONTH, [claim("home_place"), claim("health", p=0.4)], [risk(0.4, 0.5, 0.95)], KNOWN)
    assert row["dpc_hi"] == 4.0
    assert row["se_hi"] == 4.25
    assert row["band"] == "very high"
    assert "special" in row["flags"]


@pytest.mark.parametrize(
    ("score", "name"), [(0.5, "low"), (2, "medium"), (2.99, "medium"), (3, "high"), (4, "very high")]
)
def test_band(score, name):
    assert band(score) == name


@pytest.mark.parametrize(
    ("p", "level"), [(0.0, 0.25), (0.049, 0.25), (0.05, 0.5), (0.33, 0.5), (0.34, 0.75), (0.9, 1.0)]
)
def test_ease_level(p, level):
    assert ease_level(p) == level


@settings(deadline=None)
@given(st.floats(min_value=0, max_value=1))
def test_ease_has_four_values_only(p):
    assert ease_level(p) in EI_VALUES


def test_a_child_is_no_special_category():
    """A hint at a child raises by 1, as other vulnerable people do; it is not taken for Article 9 data."""
    hint = [claim("home_place"), claim("child", role="child", special_category="child")]
    short = {**MONTH, "n_recordings": 5, "last_at": datetime(2018, 5, 2, tzinfo=UTC)}
    scored = processing_context(short, hint)
    assert scored.values == (2.0, 2.0, 3.0)
    assert "special categories" not in scored.reason
    assert flags(hint, []) == ["children"]


def test_many_individuals_and_unreadable_data_are_told_beside_the_score():
    beside = {"individuals": "500", "unintelligible": "yes"}
    assert flags([], [], beside) == ["many", "unintelligible"]
    assert flags([], [], {"individuals": "100", "unintelligible": "no"}) == []


def test_three_levels_are_not_determinable():
    row = assess(MONTH, [claim("home_place")], [risk(0.01, 0.2, 0.5)], KNOWN)
    assert row["band"] == "not determinable"
    assert row["band_hi"] == "medium"


def test_only_the_listener_decides():
    machine = risk(0.9, 0.95, 0.99, attacker="machine")
    assert assess(MONTH, [], [risk(0.01, 0.02, 0.03), machine], KNOWN)["ei_hi"] == 0.25


def test_a_direct_identifier_needs_no_research():
    named = [claim("first_name"), claim("surname"), claim("home_place")]
    assert direct_identifier(named) is not None
    assert direct_identifier(named[:2]) is None
    assert direct_identifier([claim("email", role="contact")]) is None
    assert direct_identifier([claim("email")]) is not None
    assert assess(MONTH, named, [risk(0.01, 0.02, 0.03)], KNOWN)["ei_lo"] == 1.0


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, (0.25, 0.25, 1.0)),
        (KNOWN, (0.25, 0.25, 0.25)),
        ({**KNOWN, "recipient": "public"}, (0.5, 0.5, 0.5)),
        ({**KNOWN, "containment": "spread"}, (0.5, 0.5, 0.5)),
        ({**KNOWN, "intent": "malicious"}, (0.75, 0.75, 0.75)),
        ({**KNOWN, "intent": "curiosity"}, (0.25, 0.75, 0.75)),
        ({"recipient": "known", "containment": "none"}, (0.25, 0.25, 0.75)),
        ({"recipient": "public", "intent": "extortion"}, (1.0, 1.0, 1.0)),
    ],
)
def test_circumstances(facts, expected):
    assert circumstances(facts).values == pytest.approx(expected)


def test_a_promise_to_delete_lowers_nothing():
    for answer in ("requested", "deletion_confirmed", "returned"):
        assert circumstances({**KNOWN, "containment": answer}).values == circumstances(KNOWN).values


def test_publication_and_extortion_in_words_of_their_own_lower_nothing():
    """Free text of an older case is no known recipient and no harmless intent."""
    told = {"recipient": "posted publicly in a forum", "intent": "blackmail of the family"}
    assert circumstances(told).values == circumstances({}).values
    assert "none of the values" in circumstances(told).reason
    assert flags([], [], told) == ["unread"]


ORDER = {
    "recipient": tuple(Recipient),
    "intent": tuple(Intent),
    "containment": tuple(value for value in Containment if value is not Containment.UNKNOWN),
    "unintelligible": tuple(Unintelligible),
    "account_data": tuple(AccountData),
    "individuals": ("1", "100", "5000"),
}
"""Each fact from mild to worst."""
EVERY = {
    **{name: (*values, None) for name, values in CHOICES.items()},
    "individuals": (*ORDER["individuals"], None),
}
"""All that a fact may be, not recorded among it."""


def contexts():
    """Groups, claims and risks from a single file to a month with health, children and a full name."""
    short = {**MONTH, "n_recordings": 5, "last_at": datetime(2018, 5, 2, tzinfo=UTC)}
    account = {**short, "n_recordings": 0, "role": "account"}
    named = [claim("first_name"), claim("surname"), claim("home_place"), claim("child", role="child")]
    return (
        (account, [claim("first_name")], []),
        (short, [claim("home_place")], [risk(0.01, 0.02, 0.03)]),
        (MONTH, [claim("home_place"), claim("absence")], [risk(0.01, 0.2, 0.5)]),
        (MONTH, named, [risk(0.4, 0.5, 0.95)]),
        (MONTH, [*named, claim("health", p=0.4)], [risk(0.4, 0.5, 0.95)]),
    )


def scores(context):
    """The three ends of SE for every combination of facts."""
    group, claims, risks = context
    found = {}
    for values in itertools.product(*EVERY.values()):
        facts = {name: str(v) for name, v in zip(EVERY, values, strict=True) if v is not None}
        row = assess(group, claims, risks, facts)
        found[values] = (row["se_lo"], row["se_mid"], row["se_hi"])
    return found


def replaced(values, place, value):
    return (*values[:place], value, *values[place + 1 :])


@pytest.mark.parametrize("context", contexts(), ids=("account", "day", "month", "named", "health"))
def test_no_worse_fact_lowers_any_end_and_none_is_wider_than_unknown(context):
    """Exhaustive: every combination of facts, every fact in it, and every worse value of that fact."""
    found = scores(context)
    assert len(found) == 6 * 7 * 6 * 4 * 4 * 4  # recipient, containment, intent, and three beside the score
    worse = contained = 0
    for values, score in found.items():
        for place, name in enumerate(EVERY):
            order = ORDER[name]
            if values[place] in order:
                for value in order[order.index(values[place]) + 1 :]:
                    assert all(
                        a <= b for a, b in zip(score, found[replaced(values, place, value)], strict=True)
                    )
                    worse += 1
            low, _, high = found[replaced(values, place, None)]
            assert low <= score[0]
            assert score[2] <= high
            contained += 1
            if values[place] == "unknown":
                assert score == found[replaced(values, place, None)]
    assert (worse, contained) == (113_088, 96_768)


def test_few_recordings_are_no_month_of_home_life():
    short = {**MONTH, "n_recordings": 5, "last_at": datetime(2018, 5, 2, tzinfo=UTC)}
    assert processing_context(short, [claim("home_place")]).values == (2.0, 2.0, 2.0)
    assert processing_context({**short, "n_recordings": 0}, [claim("first_name")]).values == (1.0, 1.0, 1.0)


def test_an_override_replaces_the_value_and_is_kept_with_its_reason():
    facts = {**KNOWN, "ei_override": "1 the recipient knows the household", "reviewer": "DPO"}
    row = assess(MONTH, [claim("home_place")], [risk(0.01, 0.02, 0.03)], facts)
    assert (row["ei_lo"], row["ei_mid"], row["ei_hi"]) == (1.0, 1.0, 1.0)
    assert row["overrides"] == ["ei 0.25/0.25/0.25 -> 1: the recipient knows the household"]
    assert row["reviewer"] == "DPO"
    assert "measured" in row["ei_reason"]


@pytest.mark.parametrize("value", ["0.6 between two levels", "2 too much", "1", "much because"])
def test_an_override_outside_the_method_is_refused(value):
    with pytest.raises(ForensicsError, match="ei_override"):
        assess(MONTH, [], [risk(0.01, 0.02, 0.03)], {**KNOWN, "ei_override": value})
