"""A register of public profiles: some of the households' people, and many who are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forensics.simulate.households import Household, draw_household
from forensics.simulate.world import OBEYING

P_LISTED = 0.5
"""Share of the households whose people are in the register."""
P_FIELD = 0.7
"""Share of profiles that show any one optional field."""
FRIENDS = 30
COLUMNS = (
    "profile_id", "first_name", "surname", "nicknames", "place", "country", "partner_first_name",
    "partner_profile_id", "friends", "children_first_names", "employer", "interests",
)  # fmt: skip


def write_register(homes: Sequence[Household], path: Path, profiles: int, *, seed: int) -> dict[int, str]:
    """Write ``register.parquet`` and say which households' subjects are in it.

    Parameters
    ----------
    homes : sequence of Household
    path : pathlib.Path
    profiles : int
    seed : int

    Returns
    -------
    dict
        From household number to the profile id of its subject.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng([seed, 3])
    rows: list[dict[str, Any]] = []
    listed: dict[int, str] = {}
    for home in homes:
        if rng.random() < P_LISTED and len(rows) + 2 + len(home.contacts) <= profiles:
            listed[home.number] = _household_rows(home, rows, rng)
    language = homes[0].language if homes else "de"
    while len(rows) < profiles:
        other = draw_household(10_000_000 + len(rows), OBEYING, language=language, seed=seed)
        _household_rows(other, rows, rng, room=profiles - len(rows))
    ids = [row["profile_id"] for row in rows]
    for row in rows:  # friendships beside those with contacts
        strangers = [ids[i] for i in rng.integers(0, len(ids), size=int(rng.integers(0, FRIENDS)))]
        row["friends"] = list(dict.fromkeys([*row["friends"], *strangers]))
    shuffled = [rows[i] for i in rng.permutation(len(rows))]
    texts = pa.list_(pa.string())
    lists = ("nicknames", "friends", "children_first_names", "interests")
    schema = pa.schema([(name, texts if name in lists else pa.string()) for name in COLUMNS])
    pq.write_table(pa.Table.from_pylist(shuffled, schema=schema), path, compression="zstd")
    return listed


def _household_rows(
    home: Household, rows: list[dict[str, Any]], rng: np.random.Generator, *, room: int = 1_000_000
) -> str:
    """Profiles of a household's adults and contacts; returns the subject's."""

    def shown(value: Any) -> Any:
        return value if rng.random() < P_FIELD else None

    def profile(first: str, last: str, place: str | None) -> dict[str, Any]:
        row: dict[str, Any] = dict.fromkeys(COLUMNS)
        row |= {
            "profile_id": f"p{len(rows):08d}-{int(rng.integers(0, 16**6)):06x}",
            "first_name": first,
            "surname": last,
            "nicknames": [],
            "place": place,
            "country": home.country,
            "friends": [],
        }
        rows.append(row)
        return row

    subject = profile(home.first, home.last, shown(home.home))
    subject["children_first_names"] = shown(list(home.children))
    subject["interests"] = shown(list(home.artists))
    if home.companion and len(rows) < room + 1:
        partner = profile(home.companion, home.last, shown(home.home))
        subject["partner_first_name"] = shown(home.companion)
        partner["partner_first_name"] = shown(home.first)
        if rng.random() < P_FIELD:
            subject["partner_profile_id"] = partner["profile_id"]
    for contact in home.contacts[: max(0, room - 2)]:
        friend = profile(contact.first, contact.last, shown(home.home if rng.random() < 0.4 else home.work))
        subject["friends"].append(friend["profile_id"])
        friend["friends"].append(subject["profile_id"])
    return str(subject["profile_id"])
