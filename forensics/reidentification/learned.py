"""What an adversary learned: claims as rates, with the doubts that go with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from forensics.knowledge.names import split_name
from forensics.reidentification.name_rates import first_name_rate, own_rate, surname_rate
from forensics.reidentification.population import SPEAKER, Population, place_rate, speaker_rate
from forensics.reidentification.rates import MIN_RATE, SURE, UNCOUNTED, Rate, assumption, prior

CERTAIN = Rate(
    1.0, SURE, "household", "assumption", "Not used to match: it tells nobody apart", (1.0, 1.0), key="none"
)
HOUSEHOLD = ("companion", "child")
"""Roles of those who live with the subject."""
PLACES = frozenset({"home_place", "work_place"})
"""Attributes whose value is a place of the gazetteer."""
_NOT_MATCHED = frozenset({"other_place", "accidental_recording", "command_chain", "absence"})
_NOBODYS = frozenset({"visitor", "public_figure", "nobody", "unknown"})
"""Roles whose names are in nobody's reach: who visits once, an artist, no person at all."""
_UNIQUE = {"phone": "person", "email": "person", "address": "household"}
RANGE_DRAWS = 400
"""Draws from which the ends of a rate are read: they are good to a tenth of it, which is more than it is."""
_SHARED_BY_A_FEW = 5
"""Assumption: at most this many bear an identifier (a landline, an old address, a family's mailbox)."""


@dataclass(frozen=True)
class Learned:
    """One claim as an adversary sees it.

    Parameters
    ----------
    p_value : float
        Probability that this was said.
    p_role : float
        Probability that it means what the claim says, given that it was said.
    alternatives : dict
        What else was said, with probabilities; of a place, the ids of other places, as text.
    sources : frozenset of str
        Where it was heard or read: ``audio``, ``vendor``, ``account``.
    group : str
        Dependence group.
    person_id : str or None
        Whom it speaks of: claims about one person are read from the same words.
    kind : str or None
        Key of the vocabulary (device type, service, relation, language).
    place_id : int or None
        The most probable place, where the value is one.
    p_shared : float or None
        Probability that the subject bears this surname too.
    recorded : bool
        The device made recordings itself.
    special : bool
        A hint at a special category, not a name.
    rivals : dict
        The rate of each alternative.
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
    person_id: str | None = None
    kind: str | None = None
    place_id: int | None = None
    p_shared: float | None = None
    recorded: bool = False
    special: bool = False
    rivals: Mapping[str, Rate] = field(default_factory=dict)

    @property
    def person(self) -> str:
        """Whom it speaks of, or the claim itself where nobody is named."""
        return self.person_id or self.claim_id

    @property
    def key(self) -> str:
        """What is matched: claims with the same key are one piece of evidence."""
        if self.attribute in ("contact", "surname", "first_name") and self.person_id is not None:
            return f"{self.attribute}:{self.person_id}"
        if self.attribute in ("device", "service"):
            return f"{self.attribute}:{self.rate.key}"
        if self.attribute in ("home_place", "language"):
            return self.attribute
        if self.place_id is not None:
            return f"{self.attribute}:{self.place_id}"
        return f"{self.attribute}:{self.role}:{self.value.casefold()}"


def learn(rows: Iterable[Mapping[str, Any]], people: Population) -> list[Learned]:
    """Claims with their base rates.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of ``claims`` of one group.

    Returns
    -------
    list of Learned
        In the order of claim ids.
    """
    return [_learned(row, people) for row in sorted(rows, key=lambda r: str(r["claim_id"]))]


def places_of(row: Mapping[str, Any]) -> dict[int, float]:
    """What a claim's place may be: ids with probabilities, the most probable first.

    Parameters
    ----------
    row : mapping
        Of ``claims``.

    Returns
    -------
    dict
        Probability that the name was said and means this place: the claim's `p_value`, which is that of the
        name, shared out over the places that bear it.
    """
    ranked = sorted(row["places"], key=lambda p: -p["probability"])
    scale = float(row["p_value"]) / max(1.0, sum(p["probability"] for p in ranked))
    return {int(p["place_id"]): float(p["probability"]) * scale for p in ranked if p["probability"] > 0}


def _learned(row: Mapping[str, Any], people: Population) -> Learned:
    p_role, p_shared = float(row["p_role"]), row["p_shared"]
    if row["attribute"] in ("first_name", "child") and row["subject_role"] in HOUSEHOLD:
        # Whose first name it is in the household matters little to who looks for the household.
        roles = {r["value"]: float(r["probability"]) for r in row["roles"]}
        p_role = max(p_role, min(1.0, sum(roles.get(role, 0.0) for role in (*HOUSEHOLD, "subject"))))
    if row["attribute"] == "surname" and p_shared is not None:
        p_role *= float(p_shared)
    one = Learned(
        claim_id=row["claim_id"],
        attribute=row["attribute"],
        role=row["subject_role"],
        value=row["value"],
        p_value=float(row["p_value"]),
        p_role=p_role,
        alternatives={a["value"]: float(a["probability"]) for a in row["alternatives"]},
        sources=frozenset(row["sources"]),
        group=row["dep_group"],
        rate=CERTAIN,
        person_id=row["person_id"],
        kind=row["kind"],
        p_shared=None if p_shared is None else float(p_shared),
        recorded=bool(row["device_ids"]),
        special=row["special_category"] is not None,
    )
    if one.attribute in PLACES:
        places = places_of(row)
        first = next(iter(places), None)
        others = {place_id: p for place_id, p in places.items() if place_id != first}
        return replace(
            one,
            place_id=first,
            p_value=one.p_value if first is None else places[first],
            alternatives={str(place_id): p for place_id, p in others.items()},
            rate=place_rate(first, people.country),
            rivals={str(place_id): place_rate(place_id, people.country) for place_id in others},
        )
    rivals = {value: rate_of(one, value, people) for value in one.alternatives}
    return replace(one, rate=rate_of(one, one.value, people), rivals=rivals)


def rate_of(one: Learned, value: str, people: Population) -> Rate:
    """How common it is among others that a claim of this kind has this value.

    Parameters
    ----------
    one : Learned
        Its attribute, role and kind are read, not its value. Not a place: see
        :func:`forensics.reidentification.population.place_rate`.
    value : str
        A name, a number, an address. Where the claim has a kind, the kind decides instead.
    """
    country, attribute = people.country, one.attribute
    spelled = one.sources == {"account"}
    if attribute in _NOT_MATCHED or (one.role in _NOBODYS and attribute != "media_taste"):
        return CERTAIN
    if attribute == "first_name":
        if one.role in ("contact", "relative"):
            return _among_friends(value, people)
        rate = _first(value, people)
        return rate if one.role == "subject" else _in_household(rate)
    if attribute == "surname":
        if one.role in ("contact", "relative") and one.p_shared is None:
            return CERTAIN  # counted once, as part of the contact's name
        return _last(value, people, spelled=spelled)
    if attribute == "child":
        return (
            prior("child", one.kind, country) or CERTAIN
            if one.special
            else _in_household(_first(value, people))
        )
    if attribute == "contact":
        return _among_friends(value, people)
    if attribute in _UNIQUE:
        share = 1.0 / people.persons
        source = f"A {attribute} belongs to one household: assumption"
        spread = (share, min(1.0, _SHARED_BY_A_FEW * share))
        return Rate(
            share, UNCOUNTED, _UNIQUE[attribute], "assumption", source, spread, key=f"assumption:{attribute}"
        )
    if attribute in ("device", "service"):
        # What recorded is a speaker, whatever it is called.
        kind = SPEAKER if one.kind is None and one.recorded else one.kind
        rate = prior(attribute, kind, country) or CERTAIN
        if attribute == "device" and rate.key == speaker_rate(country).key:
            return CERTAIN if people.owners else rate  # what defines the population tells nobody in it apart
        return _lifted(rate)
    return prior(attribute, one.kind, country) or CERTAIN


def _first(name: str, people: Population) -> Rate:
    own = own_rate(name, people.own_names.get("first_name", {}))
    return own or first_name_rate(name, people.country)


def _last(name: str, people: Population, *, spelled: bool = False) -> Rate:
    own = own_rate(name, people.own_names.get("surname", {}), spelled=spelled)
    return own or surname_rate(name, people.country, spelled=spelled)


def _in_household(rate: Rate) -> Rate:
    """How many persons live with somebody of that first name: the others of a household are about one."""
    size = assumption("household_size")
    low, high = size.spread or (size.p, size.p)
    source = f"{rate.source}; times the other members of a household ({size.source})"
    return _scaled(rate, low - 1, high - 1, source, unit="household", key="household_size")


def _among_friends(value: str, people: Population) -> Rate:
    """How many persons have a publicly visible friend of that name."""
    name = split_name(value)
    if name is None:
        return CERTAIN
    friends = assumption("friends")
    low, high = friends.spread or (friends.p, friends.p)
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
    key = "+".join((*(rate.key for rate in parts), "friends"))
    return Rate((spread[0] * spread[1]) ** 0.5, UNCOUNTED, "person", basis, source, spread, key=key)


def _lifted(rate: Rate) -> Rate:
    """Devices and services come together: who owns one of them owns others more often than anybody."""
    lift = assumption("device_lift")
    low, high = lift.spread or (lift.p, lift.p)
    return _scaled(rate, low, high, f"{rate.source}; {lift.source}", unit=rate.unit, key="device_lift")


def _scaled(rate: Rate, low: float, high: float, source: str, *, unit: str, key: str) -> Rate:
    least, most = _range(rate)
    spread = (min(1.0, least * low), min(1.0, most * high))
    basis = "survey" if rate.basis == "measured" else rate.basis
    middle = (spread[0] * spread[1]) ** 0.5
    return Rate(middle, UNCOUNTED, unit, basis, source, spread, key=f"{rate.key}+{key}")


def _range(rate: Rate) -> tuple[float, float]:
    """About the 5 % and 95 % points of a rate."""
    import numpy as np

    values = rate.draw(np.random.default_rng(0), RANGE_DRAWS)
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(max(high, low))


def _any_of(share: float, number: float) -> float:
    """Probability that at least one of `number` people has a property of this share."""
    import numpy as np

    return float(max(-np.expm1(number * np.log1p(-min(share, 1 - 1e-12))), MIN_RATE))
