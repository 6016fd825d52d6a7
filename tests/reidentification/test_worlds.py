"""Risk from claims: known answers, and what must never happen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from household import ct_household, run_stages
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.case.options import Options
from forensics.reidentification.draws import interval
from forensics.reidentification.learned import Learned
from forensics.reidentification.population import Population
from forensics.reidentification.rates import Rate
from forensics.reidentification.risk import Extent, measure
from forensics.reidentification.worlds import Worlds
from tests.rows import claim_row

PEOPLE = Population("DE", 1_000_000, 500_000, "a test's people")


def fixed(share):
    return Rate(share, 20, "person", "measured", "test", (share, share))


def learned(
    name,
    share,
    *,
    attribute="first_name",
    p_value=1.0,
    p_role=1.0,
    role="subject",
    group="names",
    rivals=None,
):
    rivals = rivals or {}
    return Learned(
        name, attribute, role, name, p_value, p_role, {v: p for v, (p, _) in rivals.items()},
        frozenset({"audio"}), group, fixed(share), rivals={v: r for v, (_, r) in rivals.items()},
    )  # fmt: skip


def worlds(*claims, attacker="machine", people=PEOPLE, draws=2000, structural=False):
    return Worlds(list(claims), people, attacker, seed=0, draws=draws, structural=structural)


def test_two_certain_claims_by_hand():
    attack = worlds(learned("a", 1e-3), learned("b", 1e-3, attribute="surname")).attack()
    # n q = 1e6 * 1e-6 = 1: success (1 - e^-1) / 1, unique e^-1, 19.93 bits
    assert attack.success.mean() == pytest.approx(1 - np.exp(-1), abs=1e-3)
    assert attack.unique.mean() == pytest.approx(np.exp(-1), abs=1e-3)
    assert attack.n == 1_000_000
    assert (attack.k.mean() - 1) == pytest.approx(1.0, abs=0.1)


def test_a_wrong_claim_lowers_success():
    sure = worlds(learned("a", 1e-7)).attack()
    doubtful = worlds(learned("a", 1e-7, p_value=0.6)).attack()
    assert sure.success.mean() == pytest.approx(1.0, abs=0.06)
    assert doubtful.success.mean() == pytest.approx(0.6 * sure.success.mean(), rel=0.03)


def test_the_parts_of_one_name_share_their_doubt():
    """Read from the same words: .6 for both. Of two people: .75 * .36 + .25 * E[least]; Beta(12, 8) twice."""
    one = [replace(learned(n, 1e-7, attribute=a, p_role=0.6), person_id="ab")
           for n, a in (("a", "first_name"), ("b", "surname"))]  # fmt: skip
    two = [replace(claim, person_id=claim.value) for claim in one]
    assert worlds(*one).truth_of([0, 1]).mean() == pytest.approx(0.6, abs=0.02)
    assert worlds(*two).truth_of([0, 1]).mean() == pytest.approx(0.75 * 0.36 + 0.25 * 0.54, abs=0.02)


def test_a_claim_that_costs_more_than_it_tells_is_not_used():
    attack = worlds(learned("good", 1e-7), learned("bad", 0.5, attribute="surname", p_value=0.3)).attack()
    assert attack.used == ("good",)


def test_the_listener_is_not_charged_our_doubt():
    doubtful = learned("a", 1e-6, p_value=0.4, rivals={"b": (0.6, fixed(1e-6))})
    machine, listener = worlds(doubtful).attack(), worlds(doubtful, attacker="listener").attack()
    assert listener.success.mean() > 2 * machine.success.mean()


def test_the_listener_hears_the_commoner_name_where_it_was_said():
    doubtful = learned("rare", 1e-6, p_value=0.5, rivals={"common": (0.5, fixed(1e-2))})
    q = worlds(doubtful, attacker="listener").q([0])
    assert np.mean(q > 1e-3) == pytest.approx(0.5, abs=0.05)


def test_place_and_surname_cluster():
    place, name = (
        learned("town", 1e-3, attribute="home_place", group="place"),
        learned("n", 1e-6, attribute="surname"),
    )
    together = worlds(place, name)
    assert np.median(together.q([0, 1])) > 5 * 1e-9  # θ of 1e-5 to 1e-3 outweighs the country's 1e-6
    assert np.median(together.q([0])) == pytest.approx(1e-6)  # columns are in the order of ids: n, town


def test_with_the_same_claims_a_register_finds_more_than_the_web():
    """A stranger scores higher only by claims that a register does not hold: contacts, children, work."""
    names = [claim_row("first_name", "Oliver"), claim_row("surname", "Brinkenthal")]
    friend = [claim_row("contact", "Zoe Quarck", role="contact")]

    def found(rows):
        risk = measure("g", rows, Extent(20, 20), options=Options(population="DE", draws=400))["risk"]
        return {r["adversary"]: r["p_identify_mid"] for r in risk
                if (r["attacker"], r["scope"]) == ("machine", "audio")}  # fmt: skip

    both, more = found(names), found([*names, *friend])
    assert both["register"] > both["stranger"]
    assert more["register"] == both["register"]
    assert more["stranger"] > both["stranger"]


def test_the_model_doubts_itself():
    claims = [learned("a", 1e-3), learned("b", 1e-3, attribute="surname")]
    plain, doubting = worlds(*claims), worlds(*claims, structural=True)
    # Fréchet's bound is 1e-3: 1e-6 * (1e-3 / 1e-6)^λ * f, with medians .25 of λ and 2 of f.
    assert np.median(doubting.q([0, 1])) == pytest.approx(1e-6 * 1e3**0.25 * 2, rel=0.15)
    assert doubting.q([0, 1]).min() >= 0.5 * plain.q([0, 1]).min()
    assert doubting.q([0, 1]).max() <= 8 * 1e3**0.5 * 1e-6 * 1.001


def test_nothing_learned_finds_nobody():
    attack = worlds().attack()
    assert attack.used == ()
    assert attack.success.mean() == pytest.approx(1e-6)
    assert attack.k.mean() == pytest.approx(1_000_000)


def test_households_are_counted_where_no_person_is_told_apart():
    attack = worlds(learned("town", 1e-3, attribute="home_place", group="place")).attack()
    assert (attack.unit, attack.n) == ("household", 500_000)


def test_interval_keeps_its_order():
    assert interval(np.array([0.0] * 99 + [1.0]), mean=True) == (0.0, 0.01, 0.01)


shares = st.floats(min_value=1e-6, max_value=1.0)


@settings(max_examples=30, deadline=None)
@given(a=shares, b=shares, factor=st.integers(min_value=2, max_value=80))
def test_a_larger_population_never_lowers_k(a, b, factor):
    claims = [learned("a", a), learned("b", b, attribute="surname")]
    larger = Population("DE", PEOPLE.persons * factor, PEOPLE.households * factor, "more")
    few, many = worlds(*claims, draws=200), worlds(*claims, people=larger, draws=200)
    used = range(len(few.columns))
    assert (many.attack(list(used)).k >= few.attack(list(used)).k - 1.0).all()
    assert many.attack(list(used)).success.mean() <= few.attack(list(used)).success.mean() + 1e-9


@settings(max_examples=30, deadline=None)
@given(share=shares, p=st.floats(min_value=0.05, max_value=1.0), less=st.floats(min_value=0.1, max_value=1.0))
def test_doubt_never_helps_the_machine(share, p, less):
    sure, doubtful = worlds(learned("a", share, p_value=p)), worlds(learned("a", share, p_value=p * less))
    assert doubtful.attack().success.mean() <= sure.attack().success.mean() + 0.02


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    case = ct_household().write(tmp_path_factory.mktemp("case") / "c")
    case.write_table("audio", [])
    run_stages(case, "profile", "reidentification", "severity")
    return case


def test_every_claim_has_its_exposure(measured):
    claims, exposure = measured.frame("claims"), measured.frame("exposure")
    assert set(claims["claim_id"]) == set(exposure["claim_id"])
    assert (exposure["bits_lo"] <= exposure["bits_hi"]).all()


def test_every_adversary_has_its_risk(measured):
    risk = measured.frame("risk")
    assert len(risk) == 3 * 2 * 2
    for name in ("k", "bits", "p_identify", "p_unique"):
        assert (risk[f"{name}_lo"] <= risk[f"{name}_mid"]).all()
        assert (risk[f"{name}_mid"] <= risk[f"{name}_hi"]).all()
    known = risk[risk.adversary == "acquaintance"]
    assert (known["p_identify_mid"] > 0.9).all()
    web = risk[(risk.adversary == "stranger") & (risk["scope"] == "audio")].set_index("attacker")
    assert web.loc["listener", "p_identify_hi"] >= web.loc["machine", "p_identify_hi"]


def rows_of(home, folder):
    case = home.write(folder)
    run_stages(case, "profile")
    return case.rows("claims")


def test_hearing_it_again_raises_confidence_and_leaves_the_bits(tmp_path):
    once, again = ct_household(), ct_household()
    for day in (20, 21, 22):
        text = "Wie wird das Wetter in Oldenburg"
        again.says(text, ("PLACE", "Oldenburg"), domain="weather", at=f"2018-05-{day}T07:10")
    rows = {"once": rows_of(once, tmp_path / "1"), "again": rows_of(again, tmp_path / "2")}
    measured = {k: measure("g", r, Extent(20, 20), options=Options(draws=200)) for k, r in rows.items()}
    home = {k: next(c for c in r if c["attribute"] == "home_place") for k, r in rows.items()}
    assert home["again"]["p_true"] > home["once"]["p_true"]
    told = {
        k: next(e for e in m["exposure"] if e["claim_id"] == home[k]["claim_id"]) for k, m in measured.items()
    }
    assert home["again"]["claim_id"] == home["once"]["claim_id"]
    assert told["again"]["bits_mid"] == told["once"]["bits_mid"]


def test_order_and_other_claims_change_nothing(measured):
    rows = measured.rows("claims")
    options = Options(draws=300)
    one = measure("g", rows, Extent(17, 17), options=options)
    other = measure("g", rows[::-1], Extent(17, 17), options=options)
    assert one == other
    fewer = measure("g", [r for r in rows if r["attribute"] != "device"], Extent(17, 17), options=options)
    kept = {e["claim_id"] for e in fewer["exposure"]}
    assert [e for e in one["exposure"] if e["claim_id"] in kept] == fewer["exposure"]
