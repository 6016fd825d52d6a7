"""What the second hearing says beside the first: both readings of a name, the likelier one in front."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from forensics.profile.records import Heard, Utterance

IS_A_NAME = 0.9
"""Probability that a name of the household heard where the first reading has no name is meant as one
(assumption)."""

Row = Mapping[str, Any]


def by_utterance(rows: Iterable[Row]) -> dict[Any, list[Row]]:
    """Rows of ``second_hearing`` by utterance."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["utterance_id"]].append(row)
    return dict(found)


def weigh(one: Heard, mention: Row, again: Iterable[Row]) -> Heard:
    """A mention of the first reading, with what the second hearing has in its place.

    Parameters
    ----------
    one : Heard
    mention : mapping
        Its row of ``mentions``.
    again : iterable of mapping
        Rows of ``second_hearing`` of its utterance.

    Returns
    -------
    Heard
        The likelier reading; the other ones are its alternatives.
    """
    if mention["source_kind"] != "audio":
        return one
    for row in again:
        if row["label"] == one.label and _overlap(row, mention):
            options = {a["value"]: float(a["probability"]) for a in row["alternatives"]}
            best = max(options, key=lambda value: (options[value], value))
            if options[best] > row["p_first"]:
                others = {v: p for v, p in options.items() if v != best} | {one.value: float(row["p_first"])}
                read = one.p / one.asr if one.asr else 0.0
                p = min(options[best], 0.995)
                return replace(
                    one, value=best, alternatives=others, asr=p, p=p * read, places=_places(row) or one.places
                )
            share = float(row["p_first"])
            return replace(
                one, alternatives={**options, **one.alternatives}, asr=one.asr * share, p=one.p * share
            )
    return one


def names_found(
    mentions: Iterable[Row], again: Mapping[Any, list[Row]], utterances: Mapping[str, Utterance]
) -> list[Heard]:
    """Names that the second hearing found where the first reading has no name of that kind."""
    spans: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for mention in mentions:
        if mention["source_kind"] == "audio":
            spans[mention["utterance_id"], mention["label"]].append(mention)
    found = []
    for name, rows in sorted(again.items()):
        for row in rows:
            if any(_overlap(row, mention) for mention in spans[name, row["label"]]):
                continue
            options = {a["value"]: float(a["probability"]) for a in row["alternatives"]}
            best = max(options, key=lambda value: (options[value], value))
            if options[best] <= row["p_first"] or name not in utterances:
                continue
            p = min(options[best], 0.995)
            found.append(
                Heard(
                    witness=name,
                    label=row["label"],
                    value=best,
                    alternatives={v: q for v, q in options.items() if v != best},
                    p=p * IS_A_NAME,
                    mention_ids=(),
                    sources=frozenset({"audio"}),
                    utterance=utterances[name],
                    places=_places(row),
                    surfaces=frozenset({row["first"]}),
                    asr=p,
                )
            )
    return found


def _places(row: Row) -> dict[int, float]:
    return {int(p["place_id"]): float(p["probability"]) for p in row.get("places") or ()}


def _overlap(row: Row, mention: Row) -> bool:
    return bool(row["start"] < mention["end"] and mention["start"] < row["end"])
