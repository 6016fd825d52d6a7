"""Level 1: each category speaks in the right direction, by as much as its formula says."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.delivery import account_fits as ratios
from forensics.delivery.account_fits import (
    MAX_BITS,
    devices_fit,
    fits,
    language_fit,
    names_fit,
    place_fit,
    zone_fit,
)
from forensics.delivery.requests import CustomerAccount, town_id
from tests.delivery.made import at, claim, group

TOWN = town_id("Oldenburg", "de", "DE")
BERLIN = CustomerAccount(
    language="de",
    country="DE",
    city="Oldenburg",
    place_id=TOWN,
    household_names=("Katrin Brinkmann", "Jonas"),
)


def _home(place: str, home: float, p: float = 1.0) -> dict[str, object]:
    return claim("home_place", place, p, home=home, other=1 - home)


def test_the_place_by_bayes_rule() -> None:
    """One place in Oldenburg, home with .6: (1 - e) (.6 / q + .4) + e with e = .05, q the town's share."""
    fit = place_fit(group(claims=[_home("Oldenburg", 0.6)]), BERLIN)
    _, _, share = ratios._town(TOWN)  # type: ignore[misc]
    assert 170_000 / 83_200_000 < share < 400_000 / 83_200_000
    assert fit.bits == pytest.approx(math.log2(0.95 * (0.6 / share + 0.4) + 0.05), abs=1e-9)


def test_another_place_says_little_against() -> None:
    fit = place_fit(group(claims=[_home("München", 0.9)]), BERLIN)
    assert fit.bits == pytest.approx(math.log2(0.95 * 0.1 + 0.05), abs=1e-6)


def test_a_suburb_counts_as_the_town() -> None:
    near = place_fit(group(claims=[_home("Bad Zwischenahn", 0.8)]), BERLIN).bits
    far = place_fit(group(claims=[_home("Celle", 0.8)]), BERLIN).bits
    assert near is not None
    assert far is not None
    assert near > 5 > 0 > far


def test_what_cannot_be_compared_says_so() -> None:
    silent = group()
    assert [f.bits for f in fits(silent, CustomerAccount())] == [None] * 6
    assert place_fit(silent, BERLIN).bits is None
    assert names_fit(silent, BERLIN).bits is None
    assert (
        place_fit(
            group(claims=[_home("Oldenburg", 1)]), dataclasses.replace(BERLIN, city="Xyzzyq", place_id=None)
        ).bits
        is None
    )


def test_names_of_the_household() -> None:
    own = names_fit(group(claims=[claim("first_name", "Katrin", role="companion")]), BERLIN).bits
    by_ear = names_fit(group(claims=[claim("first_name", "Catrin", role="companion")]), BERLIN).bits
    strange = names_fit(group(claims=[claim("first_name", "Mehmet", role="companion")]), BERLIN).bits
    contact = names_fit(group(claims=[claim("contact", "Mehmet", role="contact")]), BERLIN).bits
    assert own is not None
    assert strange is not None
    assert contact is not None
    assert own > 3
    assert by_ear == pytest.approx(own)
    assert strange < contact < 0  # a visitor or contact speaks less against than somebody of the household


def test_a_surname_weighs_by_its_rarity() -> None:
    def bits(surname: str) -> float:
        account = CustomerAccount(country="DE", household_names=(f"Anna {surname}",))
        found = names_fit(group(claims=[claim("surname", surname)]), account).bits
        assert found is not None
        return found

    assert bits("Holthoff") > bits("Müller") > 0


def test_the_locales_language() -> None:
    assert language_fit(group(languages={"de": 1.0}), BERLIN).bits == pytest.approx(math.log2(0.97 / 0.9))
    assert language_fit(group(languages={"fr": 1.0}), BERLIN).bits == pytest.approx(math.log2(0.03 / 0.1))
    both = language_fit(group(languages={"de": 0.3, "en": 0.7}), BERLIN)
    assert both.bits == pytest.approx(math.log2(0.97 / 0.9))


def test_hours_of_another_continent() -> None:
    evenings = tuple(at(f"2018-05-{d:02d}T{h:02d}:10") for d in range(1, 20) for h in (7, 12, 17, 19, 20, 21))
    here = zone_fit(group(times=evenings), CustomerAccount(time_zone="UTC")).bits
    there = zone_fit(group(times=evenings), CustomerAccount(time_zone="Australia/Sydney")).bits
    assert here is not None
    assert there is not None
    assert there < -0.5 < 0 <= here < 1


def test_the_zone_of_a_country_with_few_zones() -> None:
    morning = tuple(at(f"2018-05-{d:02d}T06:30") for d in range(1, 20))
    assert zone_fit(group(times=morning), CustomerAccount(country="DE")).bits is not None
    assert zone_fit(group(times=morning), CustomerAccount(country="US")).bits is None


def test_stated_offsets() -> None:
    times = (at("2018-05-02T10:00"),) * 9
    account = CustomerAccount(time_zone="Europe/Berlin")
    right = zone_fit(group(times=times, offsets={120: 9}), account).bits
    wrong = zone_fit(group(times=times, offsets={-300: 9}), account).bits
    assert right == pytest.approx(math.log2(0.95 / 0.9))
    assert wrong == pytest.approx(math.log2(0.05 / 0.1))


def test_devices_are_bounded() -> None:
    account = CustomerAccount(devices=frozenset({"a", "b", "c"}))
    assert devices_fit(group(devices={"a": 1, "b": 2, "c": 3}), account).bits == MAX_BITS
    assert devices_fit(group(devices={"x": 9}), account).bits == pytest.approx(math.log2(0.003))


@settings(deadline=None, max_examples=60)
@given(
    home=st.floats(0, 1),
    p=st.floats(0.01, 1),
    place=st.sampled_from(["Oldenburg", "Berlin", "Celle", "Chicago", "nowhere at all"]),
    name=st.text("QXZÄ -", max_size=12),
    role=st.sampled_from(["subject", "contact", "child"]),
)
def test_no_category_is_ever_infinitely_sure(home: float, p: float, place: str, name: str, role: str) -> None:
    found = fits(group(claims=[_home(place, home, p), claim("first_name", name, p, role)]), BERLIN)
    assert all(fit.bits is None or -MAX_BITS <= fit.bits <= MAX_BITS for fit in found)
    assert not any(name in fit.why for fit in found if len(name) > 4)
