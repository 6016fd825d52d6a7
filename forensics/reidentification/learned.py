"""What an adversary learned: claims as rates, with the doubts that go with each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from forensics.knowledge.names import split_name
from forensics.reidentification.names import first_name_rate, own_rate, surname_rate
from forensics.reidentification.population import Population, place_rate, speaker_rate
from forensics.reidentification.rates import Rate, assumption, prior

CERTAIN = Rate(1.0, 1e9, "household", "assumption", "Not used to match: it tells nobody apart", (1.0, 1.0))
HOUSEHOLD = ("companion", "child")
_NOT_MATCHED = frozenset({"other_place", "accidental_recording", "command_chain", "absence"})
_SERIAL = re.compile(r"(?=.*\d)[A-Z0-9]{8,}")
_UNIQUE = {"phone": "person", "email": "person", "address": "household"}


@dataclass(frozen=True)
class Learned:
    """One claim as an adversary sees it.

    Parameters
    ----------
    claim_id, attribute, role, value : str
    p_value : float
        Probability that this was said.
    p_role : float
        Probability that it means what the claim says, given that it was said.
    alternatives : dict
        What else was said, with probabilities.
    sources : frozenset of str
    group : str
        Dependence group.
    rate : Rate
    details : dict
    """

    claim_id: str
    attribute: str
    role: str
    value: str
    p_value: float
    p_role: float
    alternatives: Mapping[str, float]
    sources: frozenset[str]
    group: str
    rate: Rate
    details: Mapping[str, str] = field(default_factory=dict)
    rivals: Mapping[str, Rate] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What is matched: claims with the same key are one piece of evidence."""
        if self.attribute in ("contact", "surname", "first_name") and "person" in self.details:
            return f"{self.attribute}:{self.details['person']}"
        if self.attribute in ("device", "service"):
            return f"{self.attribute}:{self.rate.source}:{self.rate.p}"
        if self.attribute in ("home_place", "language"):
            return self.attribute
        return f"{self.attribute}:{self.role}:{self.value.casefold()}"


def learn(rows: Iterable[Mapping[str, Any]], people: Population) -> list[Learned]:
    """Claims with their base rates.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of ``claims`` of one group.
    people : Population

    Returns
    -------
    list of Learned
        In the order of claim ids.
    """
    found = []
    for row in sorted(rows, key=lambda r: str(r["claim_id"])):
        details = {d["name"]: d["value"] for d in row["details"]}
        p_value = float(details.get("p_value", row["p_true"]))
        p_role = float(details.get("p_role", 1.0))
        if row["attribute"] in ("first_name", "child") and row["subject_role"] in HOUSEHOLD:
            # Whose first name it is in the household matters little to who looks for the household.
            roles = {r["value"]: float(r["probability"]) for r in row["roles"]}
            p_role = max(p_role, min(1.0, sum(roles.get(role, 0.0) for role in (*HOUSEHOLD, "subject"))))
        if row["attribute"] == "surname" and (shared := details.get("shared_with_subject")):
            p_role = p_role * float(shared)
        one = Learned(
            claim_id=row["claim_id"],
            attribute=row["attribute"],
            role=row["subject_role"],
            value=row["value"],
            p_value=p_value,
            p_role=p_role,
            alternatives={a["value"]: float(a["probability"]) for a in row["alternatives"]},
            sources=frozenset(filter(None, details.get("sources", "").split(","))),
            group=row["dep_group"],
            rate=CERTAIN,
            details=details,
        )
        rate = rate_of(one, one.value, people)
        rivals = {value: rate_of(one, value, people) for value in one.alternatives}
        found.append(replace(one, rate=rate, rivals=rivals))
    return found


def rate_of(one: Learned, value: str, people: Population) -> Rate:
    """How common it is among others that a claim of this kind has this value.

    Parameters
    ----------
    one : Learned
        Its attribute and role are read, not its value.
    value : str
    people : Population
    """
    country, attribute = people.country, one.attribute
    spelled = one.sources == {"account"}
    if attribute in _NOT_MATCHED or (one.role in ("visitor", "artist") and attribute != "media_taste"):
        return CERTAIN
    if attribute in ("home_place", "work_place"):
        return place_rate(value, country)[0]
    if attribute == "first_name":
        rate = _first(value, people)
        return rate if one.role == "subject" else _in_household(rate, value)
    if attribute == "surname":
        if one.role == "contact" and "shared_with_subject" not in one.details:
            return CERTAIN  # counted once, as part of the contact's name
        return _last(value, people, spelled=spelled)
    if attribute == "child" and "special_category" in one.details:
        return prior("child", value, country) or CERTAIN
    if attribute == "child":
        return _in_household(_first(value, people), value)
    if attribute == "contact":
        return _among_friends(value, people)
    if attribute in _UNIQUE:
        share = 1.0 / people.persons
        source = f"A {attribute} belongs to one household: assumption"
        return Rate(share, 20, _UNIQUE[attribute], "assumption", source, (share, min(1.0, 5 * share)))
    if attribute in ("device", "service"):
        named = "smart speaker" if _SERIAL.fullmatch(value) else value
        rate = prior(attribute, named, country) or CERTAIN
        if attribute == "device" and rate == speaker_rate(country):
            return CERTAIN if people.owners else rate  # what defines the population tells nobody in it apart
        return _lifted(rate)
    return prior(attribute, value, country) or CERTAIN


def _first(name: str, people: Population) -> Rate:
    own = own_rate(name, people.own_names.get("first_name", {}))
    return own or first_name_rate(name, people.country)


def _last(name: str, people: Population, *, spelled: bool = False) -> Rate:
    own = own_rate(name, people.own_names.get("surname", {}), spelled=spelled)
    return own or surname_rate(name, people.country, spelled=spelled)


def _in_household(rate: Rate, value: str) -> Rate:
    """How many persons live with somebody of that first name: the others of a household are about one."""
    size = assumption("household_size")
    low, high = size.spread or (2.0, 2.0)
    source = f"{rate.source}; times the other members of a household ({size.source})"
    return _scaled(rate, low - 1, high - 1, source, unit="household")


def _among_friends(value: str, people: Population) -> Rate:
    """How many persons have a publicly visible friend of that name."""
    name = split_name(value)
    if name is None:
        return CERTAIN
    friends = assumption("friends")
    low, high = friends.spread or (100.0, 100.0)
    first = _first(name.first, people) if name.first else None
    last = _last(name.last, people) if name.last else None
    parts = [rate for rate in (first, last) if rate is not None]
    source = "; ".join(rate.source for rate in parts) + f"; times visible friends ({friends.source})"
    share_low = share_high = 1.0
    for rate in parts:
        share_low, share_high = share_low * _range(rate)[0], share_high * _range(rate)[1]
    spread = (_any_of(share_low, low), _any_of(share_high, high))
    basis = max(
        (friends.basis, *(rate.basis for rate in parts)), key=("measured", "survey", "assumption").index
    )
    return Rate((spread[0] * spread[1]) ** 0.5, 20, "person", basis, source, spread)


def _lifted(rate: Rate) -> Rate:
    """Devices and services come together: who owns one of them owns others more often than anybody."""
    lift = assumption("device_lift")
    low, high = lift.spread or (1.0, 1.0)
    return _scaled(rate, low, high, f"{rate.source}; {lift.source}", unit=rate.unit)


def _scaled(rate: Rate, low: float, high: float, source: str, *, unit: str) -> Rate:
    least, most = _range(rate)
    spread = (min(1.0, least * low), min(1.0, most * high))
    basis = "survey" if rate.basis == "measured" else rate.basis
    return Rate((spread[0] * spread[1]) ** 0.5, 20, unit, basis, source, spread)


def _range(rate: Rate) -> tuple[float, float]:
    """About the 5 % and 95 % points of a rate."""
    import numpy as np

    values = rate.draw(np.random.default_rng(0), 400)
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(max(high, low))


def _any_of(share: float, number: float) -> float:
    """Probability that at least one of `number` people has a property of this share."""
    import numpy as np

    return float(max(-np.expm1(number * np.log1p(-min(share, 1 - 1e-12))), 1e-9))
