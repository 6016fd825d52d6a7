"""After the fact: did the people of these two cases get each other's data?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from forensics.case.case import Case
from forensics.delivery.account_fits import fits, total
from forensics.delivery.contents import Contents, Group, contents_of
from forensics.delivery.decision import odds_to_probability
from forensics.delivery.requests import CustomerAccount
from forensics.reidentification.learned import places_of


@dataclass(frozen=True)
class Comparison:
    """Two cases beside each other.

    Parameters
    ----------
    verdict : str
        ``swapped``, ``same files``, ``first holds the second`` (the recordings of the first case fit the
        account of the second), ``second holds the first``, ``as delivered`` or ``not comparable``.
    own, exchanged : tuple of float or None
        log2 likelihood ratios, in bits: each case's recordings against its own account, and against the
        other's.
    p : float or None
        Probability of the swap, with the prior of an incident: even.
    """

    verdict: str
    own: tuple[float | None, float | None]
    exchanged: tuple[float | None, float | None]
    p: float | None
    shared_recordings: int
    shared_devices: int
    shared_files: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""

        def bits(values: tuple[float | None, float | None]) -> list[float | None]:
            return [None if v is None else round(v, 2) for v in values]

        return {
            "verdict": self.verdict,
            "own_bits": bits(self.own),
            "exchanged_bits": bits(self.exchanged),
            "p_swapped": None if self.p is None else round(self.p, 6),
            "shared": {
                "recordings": self.shared_recordings,
                "devices": self.shared_devices,
                "files": self.shared_files,
            },
        }


PRIOR = 0.5
"""Whoever compares two cases has a reason to: even odds, an assumption. Before the fact it is
:data:`forensics.delivery.decision.SWAP_PRIOR`."""


def compare(one: Case, other: Case) -> Comparison:
    """Hold the recordings of each case against the account files of both.

    Parameters
    ----------
    one, other : Case
        Investigated at least up to the profile.

    Notes
    -----
    What the account's own files of a case state (ids, devices, names, town, language) stands for the account.
    """
    first, second = contents_of(one), contents_of(other)
    common = first.hashes.keys() & second.hashes.keys()
    shared = sum(first.hashes[h] == "recording" for h in common)
    devices = _devices(first) & _devices(second)
    accounts = (_account(first), _account(second))
    own = (_fit(first, accounts[0]), _fit(second, accounts[1]))
    exchanged = (_fit(first, accounts[1]), _fit(second, accounts[0]))
    verdict, p = _verdict(own, exchanged)
    if shared and verdict in ("as delivered", "not comparable"):
        verdict = "same files"
    return Comparison(verdict, own, exchanged, p, shared, len(devices), len(common) - shared)


def _verdict(
    own: tuple[float | None, float | None], exchanged: tuple[float | None, float | None]
) -> tuple[str, float | None]:
    gains = [
        theirs - (mine or 0.0) if theirs is not None else None
        for mine, theirs in zip(own, exchanged, strict=True)
    ]
    known = [gain for gain in gains if gain is not None]
    if not known:
        return "not comparable", None
    odds = _log_odds(PRIOR)
    p = odds_to_probability(sum(known) + odds)
    holds = [gain is not None and odds_to_probability(gain + odds) > 0.9 for gain in gains]
    if all(holds) or (p > 0.9 and any(holds) and len(known) == 2 and min(known) > 0):
        return "swapped", p
    if holds[0]:
        return "first holds the second", p
    if holds[1]:
        return "second holds the first", p
    return "as delivered", p


def _log_odds(p: float) -> float:
    return math.log2(p / (1 - p))


def _devices(contents: Contents) -> set[str]:
    return {serial for group in contents.groups for serial in group.devices}


def _fit(contents: Contents, account: CustomerAccount | None) -> float | None:
    """The largest part with recordings against an account."""
    if account is None or not contents.voiced:
        return None
    group = max(contents.voiced, key=lambda g: (g.spoken, g.id))
    return total(fits(group, account))


def _account(contents: Contents) -> CustomerAccount | None:
    """The account whose files a case holds, from what they state."""
    group = next((g for g in contents.groups if g.role == "account"), None)
    if group is None:
        return None
    written = Group(group.id, group.role, claims=[c for c in group.claims if "account" in c["sources"]])
    names = [str(c["value"]) for c in written.claims if c["attribute"] in ("first_name", "surname")]
    names += sorted(group.stated.get("name", ()))
    languages = dict(group.languages) if not group.spoken else {}
    home = max(
        (c for c in written.claims if c["attribute"] == "home_place"),
        key=lambda c: (c["p_true"], c["value"]),
        default=None,
    )
    return CustomerAccount(
        devices=group.stated.get("device") or None,
        customer_ids=group.customer_ids or None,
        household_names=tuple(sorted(set(names))),
        city=None if home is None else home["value"],
        place_id=None if home is None else next(iter(places_of(home)), None),
        language=max(sorted(languages), key=lambda k: languages[k], default=None),
    )
