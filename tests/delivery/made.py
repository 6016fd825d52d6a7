"""Contents and accounts made by hand, and households written to disk, for the tests of the guard."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics.delivery.contents import Contents, Group
from forensics.delivery.requests import CustomerAccount
from forensics.simulate import OBEYING, Household, draw_household, utter, write_bundle
from tests.rows import claim_row


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def claim(
    attribute: str, value: str, p: float = 0.9, role: str = "subject", **roles: float
) -> dict[str, Any]:
    named = [{"value": k, "probability": v} for k, v in (roles or {role: 1.0}).items()]
    return claim_row(attribute, value, role=role, p=p, roles=named)


def group(name: str = "devices-1", recordings: int = 100, **facts: Any) -> Group:
    return Group(name, facts.pop("role", "devices"), recordings=recordings, **facts)


def contents(*groups: Group, hashes: Mapping[str, str] | None = None) -> Contents:
    return Contents(groups, hashes or {}, readable=sum(g.recordings for g in groups) + 1)


def household(number: int, recordings: int = 40, seed: int = 4711) -> Household:
    return dataclasses.replace(draw_household(number, OBEYING, seed=seed), recordings=recordings)


def write(home: Household, folder: Path) -> Path:
    path = folder / home.name / "bundle.zip"
    write_bundle(home, utter(home, OBEYING), path)
    return path


def account_of(home: Household, **changes: Any) -> dict[str, Any]:
    """What a controller would know of a simulated household."""
    names = [f"{home.first} {home.last}", *([home.companion] if home.companion else []), *home.children]
    known = {
        "registered_devices": [device(home, 0), device(home, 1)],
        "has_voice_device": True,
        "app_sessions": 0,
        "locale": "de-DE",
        "city": home.home,
        "household_names": names,
        "created": "2016-03-01",
        "period": ["2018-01-01", "2018-12-31"],
        "time_zone": "UTC",
    }
    return {**known, **changes}


def device(home: Household, which: int) -> str:
    return f"{'G090LF' if home.number % 2 else 'G070VM'}{home.number:09d}{which}"


def accounts(*found: CustomerAccount) -> dict[str, CustomerAccount]:
    return {f"r{n}": account for n, account in enumerate(found)}


def by_request(found: Sequence[Contents]) -> dict[str, Contents]:
    return {f"r{n}": one for n, one in enumerate(found)}
