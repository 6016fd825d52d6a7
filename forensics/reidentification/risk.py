"""Exposure and risk of one data subject, for each adversary and scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.reidentification.adversaries import ADVERSARIES, Adversary
from forensics.reidentification.anonymity import bits
from forensics.reidentification.draws import interval, stream
from forensics.reidentification.learned import Learned, learn
from forensics.reidentification.missed import Missed
from forensics.reidentification.names import read_own
from forensics.reidentification.population import OWNERS, Population, likely_country, population
from forensics.reidentification.rates import assumption
from forensics.reidentification.worlds import Attack, Worlds

if TYPE_CHECKING:
    pass

SENSITIVITIES = 8
"""How many inputs the tornado plot shows."""
DEPENDENCE = (
    "between independent claims and the Fréchet bound of each group, by the assumption 'dependence'; surname "
    "within place by Balding and Nichols; repeated evidence counted once; k_frechet is the bound itself"
)


def measure(
    group: str, rows: Sequence[dict[Any, Any]], recordings: int, *, options: Options
) -> dict[str, list[dict[str, Any]]]:
    """Rows of ``exposure`` and ``risk`` of one data subject.

    Parameters
    ----------
    group : str
    rows : sequence of dict
        The group's claims.
    recordings : int
    options : Options
        ``population``, ``names``, ``seed`` and ``draws`` count.
    """
    people = choose_population(rows, options.population)
    if options.names:
        people = replace(people, own_names=read_own(options.names))
    learned = learn(rows, people)
    exposure = [_exposure_row(group, one, options) for one in learned]
    risk = []
    for adversary in ADVERSARIES:
        for scope in ("audio", "bundle"):
            visible = [c for c in learned if scope == "bundle" or "audio" in c.sources]
            for attacker in ("machine", "listener"):
                attack = attack_by(adversary, attacker, visible, recordings, people, options)
                risk.append(_risk_row(group, adversary, attacker, scope, attack, people, options))
    return {"exposure": exposure, "risk": risk}


def choose_population(rows: Sequence[dict[Any, Any]], chosen: str) -> Population:
    """The people who could be the subject: as chosen, or of the country of the most probable home.

    Parameters
    ----------
    rows : sequence of dict
        Claims.
    chosen : str
        A country's code, or ``auto``; with ``/smart-speaker`` behind it only households that own one.
    """
    if chosen.endswith(OWNERS):
        return choose_population(rows, chosen.removesuffix(OWNERS)).among_owners()
    if chosen != "auto":
        return population(chosen.upper(), "the country that was chosen")
    places = [(r["value"], r["p_true"] if r["attribute"] == "home_place" else 0.1 * r["p_true"])
              for r in rows if r["attribute"] in ("home_place", "work_place", "other_place")]  # fmt: skip
    languages = sorted(
        (r for r in rows if r["attribute"] == "language"), key=lambda r: (-r["n_support"], r["value"])
    )
    country, why = likely_country(places, [r["value"] for r in languages])
    return population(country, why)


def attack_by(
    adversary: Adversary,
    attacker: str,
    visible: Sequence[Learned],
    recordings: int,
    people: Population,
    options: Options,
) -> Attack:
    """One adversary's best attack.

    Parameters
    ----------
    adversary : Adversary
    attacker : {'machine', 'listener'}
    visible : sequence of Learned
        The claims within the scope.
    recordings : int
        How many the listener can hear.
    people : Population
    options : Options
    """
    return worlds_of(adversary, attacker, visible, recordings, people, options).attack()


def worlds_of(
    adversary: Adversary,
    attacker: str,
    visible: Sequence[Learned],
    recordings: int,
    people: Population,
    options: Options,
) -> Worlds:
    """The worlds of one adversary, for attacks on parts of the evidence as well."""
    matched = [c for c in visible if c.attribute in adversary.attributes]
    return Worlds(
        matched,
        adversary.population(people),
        attacker,
        options.seed,
        options.draws,
        missed=Missed.given(matched, recordings, people) if attacker == "listener" else None,
        listed=assumption(adversary.listed),
        recognises=adversary.name == "acquaintance" and recordings > 0,
    )


def _exposure_row(group: str, one: Learned, options: Options) -> dict[str, Any]:
    drawn = one.rate.draw(stream(options.seed, one.claim_id, "rate"), options.draws)
    rate, told = interval(drawn), interval(np.asarray(bits(drawn)))
    return {
        "claim_id": one.claim_id,
        **_ends("base_rate", rate),
        "unit": one.rate.unit,
        "basis": one.rate.basis,
        "source": one.rate.source,
        **_ends("bits", told),
        "data_subject_group": group,
    }


def _risk_row(
    group: str,
    adversary: Adversary,
    attacker: str,
    scope: str,
    attack: Attack,
    people: Population,
    options: Options,
) -> dict[str, Any]:
    among = adversary.population(people)
    return {
        "risk_id": make_id("rsk", group, adversary.name, attacker, scope),
        "adversary": adversary.name,
        "attacker": attacker,
        "scope": scope,
        "population": among.definition,
        "population_country": among.country,
        "population_kind": among.kind,
        "population_n": attack.n,
        "unit": attack.unit,
        **_ends("k", interval(attack.k)),
        **_ends("bits", interval(np.asarray(bits(attack.q)))),
        **_ends("p_identify", interval(attack.success, mean=True)),
        **_ends("p_unique", interval(attack.unique, mean=True)),
        "assumption_share": attack.assumption_share,
        "dependence": DEPENDENCE,
        "seed": options.seed,
        "draws": options.draws,
        "claims": list(attack.used),
        "k_frechet": attack.k_frechet,
        "p_listed": assumption(adversary.listed).p,
        "p_prosecutor": min(1.0, attack.prosecutor),
        "sensitivity": [
            {"name": n, "p_low": lo, "p_high": hi} for n, lo, hi in attack.sensitivity[:SENSITIVITIES]
        ],
        "data_subject_group": group,
    }


def _ends(name: str, values: tuple[float, float, float]) -> dict[str, float]:
    return {f"{name}_{end}": value for end, value in zip(("lo", "mid", "hi"), values, strict=True)}
