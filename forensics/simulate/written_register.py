"""A register in which some of the written households' people are, among strangers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forensics.errors import ForensicsError
from forensics.simulate.register import GROUP, P_LISTED
from forensics.simulate.register import write_register as write_strangers
from forensics.simulate.scripts import Script


def write_register(scripts: Sequence[Script], path: Path, profiles: int, *, seed: int = 0) -> dict[int, str]:
    """Write ``register.parquet`` and say which households' subjects are in it.

    Parameters
    ----------
    scripts : sequence of Script
        Of the households, by their numbers.
    profiles : int
        In all, those of the households' people among them.

    Returns
    -------
    dict
        From household number to the profile id of its subject.

    Raises
    ------
    ForensicsError
        If there are fewer profiles than people of the households.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng([seed, 7])
    rows: list[dict[str, Any]] = []
    subjects: dict[int, str] = {}
    for number, script in enumerate(scripts):
        if script.profile and rng.random() < P_LISTED:
            subjects[number] = f"w{number:05d}"
            rows += _profiles(script, subjects[number])
    if len(rows) > profiles:
        raise ForensicsError(f"{len(rows)} people do not fit {profiles} profiles.", "Raise --register.")
    spoken = Counter((script.language, script.country) for script in scripts)
    left = max(profiles - len(rows), 1)
    strangers: list[Any] = []
    for number, (kind, homes) in enumerate(sorted(spoken.items())):  # strangers live where the homes are
        many = (
            left - sum(table.num_rows for table in strangers)
            if number == len(spoken) - 1
            else left * homes // len(scripts)
        )
        if many:
            write_strangers([], path, many, seed=seed, spoken=kind)
            strangers.append(pq.read_table(path))
    own = pa.Table.from_pylist(rows, schema=strangers[0].schema)
    whole = pa.concat_tables([*strangers, own])
    pq.write_table(
        whole.take(pa.array(rng.permutation(whole.num_rows))), path, compression="zstd", row_group_size=GROUP
    )
    return subjects


def _profiles(script: Script, profile_id: str) -> list[dict[str, Any]]:
    """The subject's profile as its author wrote it, and a bare one of each friend who is named in full."""
    profile, country = script.profile, script.country
    friends = []
    for number, friend in enumerate(profile.get("friends") or ()):
        first, _, last = str(friend).rpartition(" ")
        if first:
            friends.append(
                {"profile_id": f"{profile_id}-{number}", "first_name": first, "surname": last,
                 "country": country, "friends": [profile_id]}
            )  # fmt: skip
    subject = {
        "profile_id": profile_id,
        "first_name": profile.get("first_name"),
        "surname": profile.get("surname"),
        "nicknames": list(profile.get("nicknames") or ()),
        "place": profile.get("place"),
        "country": country,
        "partner_first_name": profile.get("partner_first_name"),
        "partner_profile_id": None,
        "friends": [friend["profile_id"] for friend in friends],
        "children_first_names": list(profile.get("children_first_names") or ()),
        "employer": profile.get("employer"),
        "interests": list(profile.get("interests") or ()),
    }
    return [subject, *friends]
