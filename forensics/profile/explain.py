"""From a claim to the utterances it rests on: what speaks for it, what against it, and what else it might be.

Made from the tables alone, so that it can be shown by the command line, the report and the review in the
same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from forensics.knowledge.gazetteer import place_by_id

Row = Mapping[str, Any]
SURE, DOUBTFUL = 0.7, 0.3
"""From the first on, a probability of one part speaks for a claim; below the second, against it
(assumptions)."""


@dataclass(frozen=True)
class Witness:
    """One utterance that a claim rests on.

    Parameters
    ----------
    utterance_id : str
    started_at : datetime or None
    device : str or None
        The household's name for it, else its kind.
    text : str
        Ours, else the vendor's; empty where nothing was understood.
    mentions : tuple of str
        The words of it that were read as names, places, times.
    p_unmeant : float or None
        Probability that nobody meant it for the device.
    """

    utterance_id: str
    started_at: datetime | None
    device: str | None
    text: str
    mentions: tuple[str, ...]
    p_unmeant: float | None


@dataclass(frozen=True)
class Explanation:
    """The chain from a claim to what it rests on.

    Parameters
    ----------
    claim_id, attribute, role, value : str
    p_true, p_value, p_role : float
    reason : str
        As the claim tells it, for people.
    speaks_for, speaks_against : tuple of (str, float)
        Names of parts of the evidence with their probability or number.
    alternatives, roles : tuple of (str, float)
        What else was heard, and whose or what else it might be.
    places : tuple of (str, float)
        Which towns the name may mean.
    rivals : tuple of (str, float)
        Other claims of the same attribute and role, with p_true.
    forms : tuple of (str, float)
        Forms under which the person was heard.
    witnesses : tuple of Witness
        In the order of time.
    """

    claim_id: str
    attribute: str
    role: str
    value: str
    p_true: float
    p_value: float
    p_role: float
    reason: str
    speaks_for: tuple[tuple[str, float], ...]
    speaks_against: tuple[tuple[str, float], ...]
    alternatives: tuple[tuple[str, float], ...]
    roles: tuple[tuple[str, float], ...]
    places: tuple[tuple[str, float], ...]
    rivals: tuple[tuple[str, float], ...]
    forms: tuple[tuple[str, float], ...]
    witnesses: tuple[Witness, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        found = asdict(self)
        for witness in found["witnesses"]:
            started = witness["started_at"]
            witness["started_at"] = started.isoformat() if started else None
        return found


def explain(claim_id: str, tables: Mapping[str, Sequence[Row]]) -> Explanation:
    """The chain from one claim to its utterances.

    Parameters
    ----------
    claim_id : str
        Or the beginning of one that no other claim shares.
    tables : mapping
        Rows of ``claims``, ``persons``, ``utterances``, ``transcripts``, ``mentions``, ``intents`` and
        ``devices``
        as :meth:`forensics.case.case.Case.rows` gives them.

    Raises
    ------
    KeyError
        If no claim, or more than one, has this id.
    """
    found = [row for row in tables["claims"] if row["claim_id"].startswith(claim_id)]
    exact = [row for row in found if row["claim_id"] == claim_id] or found
    if len(exact) != 1:
        raise KeyError(claim_id)
    claim = exact[0]
    person = next((p for p in tables["persons"] if p["person_id"] == claim["person_id"]), None)
    witnesses = _witnesses(claim, tables)
    speaks_for, against = _weighed(claim, witnesses)
    rivals = [
        (row["value"], row["p_true"])
        for row in tables["claims"]
        if row["claim_id"] != claim["claim_id"]
        and (row["attribute"], row["subject_role"], row["data_subject_group"])
        == (claim["attribute"], claim["subject_role"], claim["data_subject_group"])
    ]
    return Explanation(
        claim_id=claim["claim_id"],
        attribute=claim["attribute"],
        role=claim["subject_role"],
        value=claim["value"],
        p_true=claim["p_true"],
        p_value=claim["p_value"],
        p_role=claim["p_role"],
        reason=claim.get("reason") or "",
        speaks_for=speaks_for,
        speaks_against=against,
        alternatives=_pairs(claim["alternatives"]),
        roles=_pairs(claim["roles"]),
        places=_places(claim["places"]),
        rivals=tuple(sorted(rivals, key=lambda r: (-r[1], r[0]))),
        forms=_pairs(person["forms"]) if person else (),
        witnesses=witnesses,
    )


def _witnesses(claim: Row, tables: Mapping[str, Sequence[Row]]) -> tuple[Witness, ...]:
    wanted = set(claim["utterance_ids"])
    texts = {
        row["recording_id"]: row["text"]
        for row in sorted(tables["transcripts"], key=lambda r: str(r["engine"]), reverse=True)
        if row["engine"] != "vendor" and row["text"]
    }
    devices = {row["device_id"]: row["name"] or row["device_type"] for row in tables["devices"]}
    unmeant = {row["utterance_id"]: row["accidental_score"] for row in tables["intents"]}
    named: dict[str, list[str]] = {}
    for row in tables["mentions"]:
        if row["utterance_id"] in wanted and row["mention_id"] in set(claim["mention_ids"]):
            named.setdefault(row["utterance_id"], []).append(row["surface"])
    rows = [row for row in tables["utterances"] if row["utterance_id"] in wanted]
    rows.sort(key=lambda r: (r["started_at"] is None, r["started_at"] or 0, r["utterance_id"]))
    return tuple(
        Witness(
            row["utterance_id"],
            row["started_at"],
            devices.get(row["device_id"]),
            texts.get(row["recording_id"]) or row["vendor_text"] or "",
            tuple(sorted(set(named.get(row["utterance_id"], ())))),
            unmeant.get(row["utterance_id"]),
        )
        for row in rows
    )


def _weighed(
    claim: Row, witnesses: Sequence[Witness]
) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]:
    """What speaks for a claim and what against it, by name: a caller words them."""
    days = {w.started_at.date() for w in witnesses if w.started_at}
    doubts = [w.p_unmeant for w in witnesses if w.p_unmeant is not None]
    speaks: list[tuple[str, float]] = [("witnesses", float(claim["n_support"]))]
    against: list[tuple[str, float]] = []
    if len(days) > 1:
        speaks.append(("days", float(len(days))))
    for name in ("p_value", "p_role"):
        if claim[name] >= SURE:
            speaks.append((name, claim[name]))
        elif claim[name] < DOUBTFUL:
            against.append((name, claim[name]))
    if doubts and min(doubts) >= 0.5:
        against.append(("only_in_talk", min(doubts)))
    if claim["n_support"] == 1:
        against.append(("said_once", 1.0))
    others = [a["probability"] for a in claim["alternatives"] if a["probability"] >= DOUBTFUL]
    if others:
        against.append(("heard_otherwise", max(others)))
    if len(claim["places"]) > 1:
        top = max(p["probability"] for p in claim["places"])
        if top < SURE:
            against.append(("namesakes", top))
    return tuple(speaks), tuple(against)


def _pairs(weights: Iterable[Row]) -> tuple[tuple[str, float], ...]:
    return tuple((w["value"], w["probability"]) for w in weights or ())


def _places(weights: Iterable[Row]) -> tuple[tuple[str, float], ...]:
    found = []
    for weight in weights or ():
        place = place_by_id(weight["place_id"])
        if place is not None:
            found.append((f"{place.name} ({place.country} {place.admin1})".strip(), weight["probability"]))
    return tuple(found)
