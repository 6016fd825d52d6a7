"""Level 1: for each category of data, how much better it fits this requester than another customer.

Each figure is log2 of P(E | requester) / P(E | random other customer), in bits: above 0 it speaks for the
requester. What two people easily share can only speak a little for them, what they seldom share only a
little against them. The constants are assumptions unless a source is named; none was fitted to bundles.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from forensics.delivery.contents import Group
from forensics.delivery.decision import log2
from forensics.delivery.requests import CustomerAccount

MAX_BITS = 20.0
"""Assumption: no category alone is surer than one in a million."""

ELSEWHERE = 0.05
"""Assumption: P(the devices do not stand in or near the town of the bill): parents, a second home, a move."""
NEAR_KM = 15.0
"""Assumption: a suburb counts as the town: people ask for the weather of the place that the assistant
knows."""

LEAST_PEOPLE = 1000
"""Assumption: inhabitants of a place and its surroundings of which no figure is known."""

SPOKEN = 0.6
"""Assumption: P(a member of the household is named in a bundle of 50 utterances or more)."""
FULL_BUNDLE = 50
"""Assumption: utterances by which a household has said what it ever says of itself."""
ABSENT = 0.4
"""Assumption: P(somebody of the household is not in the account's profile)."""
MAX_UNKNOWN_NAMES = -3.0
"""Assumption: bits that strangers' names can speak against a requester, all together."""

FIRST_LANGUAGE = 0.97
"""Assumption: P(a household speaks the language of its locale)."""
SAME_LANGUAGE = 0.9
"""Assumption: P(another customer speaks it): mistakes happen among the requests of one marketplace."""

HOURS = np.array(
    [0.25] * 5
    + [0.6, 1.2, 1.4, 1.2, 1.0, 1.0, 1.0, 1.1, 1.0, 1.0, 1.1, 1.3, 1.5, 1.6, 1.6, 1.5, 1.2, 0.9, 0.5]
)
"""Assumption: commands by local hour, relative: few at night."""
_CURVE = np.log2(HOURS / HOURS.sum())
_EVERYWHERE = np.stack([np.roll(_CURVE, -shift) for shift in range(24)])
EFFECTIVE_TIMES = 15
"""Assumption: commands come in bursts: many count as no more than this many independent ones."""
SAME_ZONE = 0.9
"""Assumption: P(another customer lives in the same time zone)."""
MIN_HOUR_BITS = -4.0
"""Assumption: bits that hours can speak against a requester: people travel, and work nights."""

UNLISTED = 0.003
"""Assumption: P(a requester's recordings come from a device that the account does not list)."""
SHARED_SERIAL = 1e-6
"""Assumption: P(another customer's device is in this account): a moved or a sold one."""


@dataclass(frozen=True)
class Fit:
    """How one category of a bundle fits an account.

    Parameters
    ----------
    bits : float or None
        None if it cannot be compared.
    why : str
        Without content.
    """

    category: str
    bits: float | None
    why: str


def fits(group: Group, account: CustomerAccount) -> list[Fit]:
    """Every category but the voice, for one data subject's part of a bundle."""
    return [
        place_fit(group, account),
        names_fit(group, account),
        language_fit(group, account),
        zone_fit(group, account),
        devices_fit(group, account),
        identity_fit(group, account),
    ]


def total(found: Iterable[Fit]) -> float | None:
    """The sum over categories, which are taken as independent given the household; None if none compares."""
    bits = [fit.bits for fit in found if fit.bits is not None]
    return sum(bits) if bits else None


def place_fit(group: Group, account: CustomerAccount) -> Fit:
    """The likely home of the household against the town of the bill.

    Notes
    -----
    By Bayes' rule P(E | home = c) / P(E) = P(home = c | E) / P(home = c). With W the posterior that the home
    lies within :data:`NEAR_KM` of c, q the share of people who live there and v the posterior that the home
    was not named at all, that is W / q + v. Where the bill goes elsewhere (e) the places say nothing:
    (1 - e) (W / q + v) + e.
    """
    if account.city is None:
        return Fit("place", None, "the account names no town")
    weights = group.homes
    if not weights:
        return Fit("place", None, "the recordings name no place")
    where = None if account.place_id is None else _town(account.place_id)
    if where is None:
        return Fit("place", None, "no gazetteer knows the account's town")
    latitude, longitude, share = where
    near = sum(w for (lat, lon), w in weights.items() if _km(latitude, longitude, lat, lon) <= NEAR_KM)
    named = min(sum(weights.values()), 1.0)
    ratio = (1 - ELSEWHERE) * (near / share + 1 - named) + ELSEWHERE
    why = "the likely home is the account's town" if near > named / 2 else "the likely home is another town"
    return Fit("place", _bounded(log2(ratio)), why)


def names_fit(group: Group, account: CustomerAccount) -> Fit:
    """The names spoken against those of the household's profile.

    Notes
    -----
    For a first name n of the profile, borne by a share u of people: among m names heard, chance gives it with
    c = 1 - (1 - u)^m. Heard: (s + (1 - s) c) / c, not heard: 1 - s, with s the probability that a household's
    own member is named. Somebody of the household who is not in the profile: a factor of :data:`ABSENT` with
    the probability of that role.
    """
    if not account.household_names:
        return Fit("names", None, "the account names nobody")
    heard = group.names
    if not heard:
        return Fit("names", None, "nobody is named in the bundle")
    firsts, lasts = _profile_names(account.household_names)
    country = account.country or {"de": "DE", "en": "US"}.get(account.language or "", "US")
    spoken = SPOKEN * min(1.0, group.spoken / FULL_BUNDLE) if group.spoken else SPOKEN
    bits, same = 0.0, 0
    for known, kind in ((firsts, "first"), (lasts, "last")):
        others = {key: p for (part, key), p in heard.items() if part == kind}
        for key, name in known.items():
            chance = 1 - (1 - _share(name, kind, country)) ** max(len(others), 1)
            p = others.get(key, 0.0)
            ratio = p * (spoken + (1 - spoken) * chance) / chance + (1 - p) * (1 - spoken)
            bits += log2(ratio)
            same += p > 0
    bits += max(MAX_UNKNOWN_NAMES, sum(log2(1 - p * (1 - ABSENT)) for p in _strangers(group, firsts)))
    return Fit(
        "names", _bounded(bits), f"{same} of {len(firsts) + len(lasts)} names of the profile are heard"
    )


def language_fit(group: Group, account: CustomerAccount) -> Fit:
    """The languages spoken against the locale's."""
    if account.language is None:
        return Fit("language", None, "the account has no locale")
    if not group.languages:
        return Fit("language", None, "no language could be told")
    if group.languages.get(account.language, 0.0) >= 0.1:
        return Fit("language", log2(FIRST_LANGUAGE / SAME_LANGUAGE), "the locale's language is spoken")
    bits = log2((1 - FIRST_LANGUAGE) / (1 - SAME_LANGUAGE))
    return Fit("language", bits, "the locale's language is not spoken")


def zone_fit(group: Group, account: CustomerAccount) -> Fit:
    """When the household is active, or the offset that the export states, against the account's time zone.

    Notes
    -----
    Log likelihood of the local hours under :data:`HOURS`, for the account's zone and for every offset; the
    sum is scaled to :data:`EFFECTIVE_TIMES` independent commands. Other customers mostly live in the same
    zone, so that agreement says little: L / (.9 L + .1 mean L).
    """
    zones = _zones(account)
    if not zones or not group.times:
        return Fit("time zone", None, "no time zone, or no times")
    if group.offsets:
        right = sum(n for offset, n in group.offsets.items() if _is_offset(offset, zones, group.times))
        share = right / sum(group.offsets.values())
        ratio = (share * 0.95 + (1 - share) * 0.05) / (share * SAME_ZONE + (1 - share) * (1 - SAME_ZONE))
        return Fit("time zone", log2(ratio), "the export states offsets from UTC")
    utc = group.hours("UTC")
    scale = min(1.0, EFFECTIVE_TIMES / int(utc.sum()))
    mine = max(scale * float(_CURVE @ group.hours(zone.key)) for zone in zones)
    every = scale * (_EVERYWHERE @ utc)
    best = max(mine, float(every.max()))
    ratio = 2 ** (mine - best) / (
        SAME_ZONE * 2 ** (mine - best) + (1 - SAME_ZONE) * float(np.mean(2 ** (every - best)))
    )
    return Fit("time zone", max(MIN_HOUR_BITS, log2(ratio)), "active hours against the account's time zone")


def devices_fit(group: Group, account: CustomerAccount) -> Fit:
    """The devices that recorded against those that the account lists."""
    if not account.devices:
        return Fit("devices", None, "the account lists no device")
    serials = set(group.devices) or set(group.stated.get("device", ()))
    if not serials or (group.role == "account" and not group.devices):
        return Fit("devices", None, "no recording names a device")
    known = len(serials & account.devices)
    bits = known * log2((1 - UNLISTED) / SHARED_SERIAL) + (len(serials) - known) * log2(UNLISTED)
    return Fit("devices", _bounded(bits), f"{known} of {len(serials)} device(s) are the account's")


def identity_fit(group: Group, account: CustomerAccount) -> Fit:
    """Customer ids and e-mail addresses that the files state against the account's."""
    if not account.customer_ids or not group.customer_ids:
        return Fit("identity", None, "no id to compare")
    if group.customer_ids & account.customer_ids:
        # an id in the files says whose files they are, not whose voice is on the recordings
        bits = MAX_BITS if group.role != "devices" or not group.spoken else MAX_BITS / 2
        return Fit("identity", bits, "the account's own id is stated")
    return Fit("identity", -MAX_BITS / 2, "another id is stated")


def _bounded(bits: float) -> float:
    return max(-MAX_BITS, min(MAX_BITS, bits))


def _profile_names(names: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """First names and surnames of a profile, by sound."""
    from forensics.knowledge.names import sound, split_name

    firsts: dict[str, str] = {}
    lasts: dict[str, str] = {}
    for text in names:
        name = split_name(text)
        if name is not None and name.first:
            firsts[sound(name.first)] = name.first
        if name is not None and name.last:
            lasts[sound(name.last)] = name.last
    return firsts, lasts


def _strangers(group: Group, firsts: Mapping[str, str]) -> list[float]:
    """Probabilities that somebody named lives in the household, of those who are not in the profile."""
    from forensics.knowledge.names import sound, split_name

    found = []
    for claim in group.claims:
        name = split_name(str(claim["value"])) if claim["attribute"] in ("first_name", "child") else None
        at_home = claim["subject_role"] in ("subject", "companion", "child")
        if at_home and name is not None and name.first and sound(name.first) not in firsts:
            found.append(float(claim["p_true"]))
    return found


@cache
def _share(name: str, kind: str, country: str) -> float:
    from forensics.reidentification.name_rates import first_name_rate, surname_rate

    rate = first_name_rate(name, country) if kind == "first" else surname_rate(name, country)
    return min(max(rate.p, 1e-6), 0.2)


@cache
def _town(place_id: int) -> tuple[float, float, float] | None:
    """Latitude, longitude, and the share of its country's people who live near."""
    from forensics.knowledge.gazetteer import place_by_id
    from forensics.reidentification.population import population

    place = place_by_id(place_id)
    if place is None or place.latitude is None or place.longitude is None:
        return None
    latitudes, longitudes, people = _towns(place.country)
    near = people[_km(place.latitude, place.longitude, latitudes, longitudes) <= NEAR_KM].sum()
    share = float(max(near, place.population, LEAST_PEOPLE)) / population(place.country, "").persons
    return place.latitude, place.longitude, min(share, 1.0)


@cache
def _towns(country: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from forensics.knowledge.gazetteer import PLACES_FILE

    table = pq.read_table(PLACES_FILE, columns=["kind", "country", "latitude", "longitude", "population"])
    chosen = pc.and_(
        pc.equal(table["kind"].cast("string"), "city"), pc.equal(table["country"].cast("string"), country)
    )
    towns = table.filter(chosen)
    columns = (towns[name].to_numpy().astype(np.float64) for name in ("latitude", "longitude", "population"))
    latitudes, longitudes, people = columns
    return latitudes, longitudes, people


def _km(
    latitude: float, longitude: float, latitudes: npt.ArrayLike, longitudes: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Great-circle distance, as :func:`forensics.knowledge.gazetteer.near`, of many places at once."""
    a, b = np.radians(latitude), np.radians(np.asarray(latitudes, dtype=np.float64))
    d = np.radians(np.asarray(longitudes, dtype=np.float64) - longitude)
    c = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(d / 2) ** 2
    distance: npt.NDArray[np.float64] = 12742.0 * np.arcsin(np.minimum(1.0, np.sqrt(c)))
    return distance


def _zones(account: CustomerAccount) -> list[ZoneInfo]:
    """The account's time zone; else its country's, if there are few."""
    if account.time_zone is not None:
        return [ZoneInfo(account.time_zone)]
    if account.country is None:
        return []
    from babel.core import get_global

    names = get_global("territory_zones").get(account.country, [])
    return [ZoneInfo(name) for name in names] if len(names) <= 3 else []


def _is_offset(minutes: int, zones: Iterable[ZoneInfo], times: Sequence[datetime]) -> bool:
    for zone in zones:
        for at in times[:50]:
            offset = at.astimezone(zone).utcoffset()
            if offset is not None and math.isclose(offset.total_seconds() / 60, minutes):
                return True
    return False
