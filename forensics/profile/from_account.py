"""What the account's own data says of people and places: profiles, rooms, devices, addresses, networks.

Its mentions get the role that intake found for their record. Names of devices, rooms and networks are read
for their owners (:mod:`forensics.profile.labels`); first name and surname of one record become one name; the
vendor's labels of who speaks become one profile each. Each is a witness like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from forensics.knowledge.names import fold
from forensics.knowledge.things import is_word
from forensics.knowledge.whose import whose
from forensics.profile.labels import Owner, owners
from forensics.profile.records import Device, Heard, Rows

P_STATED = 0.97
"""Probability that a field holds what its meaning says where the record says whose it is (assumption: without
that it is the language room's .9)."""
FAMILY = "FAMILY"
"""Label of a family's name, which names nobody of the family in particular."""


def with_role(one: Heard, row: Mapping[str, Any], passage: Mapping[str, Any] | None) -> Heard:
    """A mention of the account's data with its record, and the role that the record gives it.

    Parameters
    ----------
    one : Heard
        As the mention alone gives it.
    row : mapping
        Of ``mentions``.
    passage : mapping or None
        The row of ``passages`` that holds it.
    """
    if row["source_kind"] != "account":
        return one
    if row.get("utterance_id"):  # the vendor's label of who speaks: one profile, however often
        return replace(one, witness=f"speaker {fold(one.value)}", utterance=None)
    line = row.get("row")
    record = None if line is None else f"{row.get('member_id')}/{line}/{_list(row.get('field'))}"
    if passage is None:
        return replace(one, record=record)
    person, place = passage.get("person_role"), passage.get("place_role")
    p = max(one.p, P_STATED) if person or place else one.p
    return replace(one, p=p, person_role=person, place_role=place, record=record)


def account_names(heard: Sequence[Heard], passages: Rows, devices: Iterable[Device]) -> list[Heard]:
    """What was heard, with names of one record joined, and the owners of devices, rooms and networks added.

    Parameters
    ----------
    heard : sequence of Heard
        Of all sources; what was said stays as it is.
    passages : sequence of mapping
        Of this group.
    devices : iterable of Device
        Whose names and rooms may name somebody.
    """
    return [*_beside_addresses(_joined(heard)), *_owners(heard, passages, devices)]


def _beside_addresses(heard: Sequence[Heard]) -> list[Heard]:
    """Names in the records of addresses: the home's is the holder's, others get mail."""
    addresses: dict[str, list[Heard]] = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    for one in heard:
        if one.record and one.utterance is None:
            if one.label == "PERSON":
                names[one.record].add(fold(one.value))
            elif one.label == "ADDRESS" and one.meaning == "address":
                addresses[one.record].append(one)
    found = []
    for one in heard:
        near = addresses.get(one.record or "", ())
        if one.label == "PERSON" and near and one.person_role is None and one.utterance is None:
            home = any(a.place_role == "home" for a in near) and len(names[one.record or ""]) == 1
            one = replace(one, person_role="subject") if home else replace(one, meaning="address")
        found.append(one)
    return found


def _joined(heard: Sequence[Heard]) -> list[Heard]:
    """First name and surname in two fields of one record are one name; "Kern, Ida" is Ida Kern."""
    found: list[Heard] = []
    by_record: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for one in heard:
        if one.label != "PERSON" or one.utterance is not None or "account" not in one.sources:
            found.append(one)
            continue
        before, comma, after = one.value.partition(",")
        if comma and after.strip():
            one = replace(one, value=f"{after.strip()} {before.strip()}")
        if one.record and one.meaning != "speaker":
            by_record[one.record, _path(one.field)].append(one)
        else:
            found.append(one)
    for same in by_record.values():
        first_names = [h for h in same if "given_name" in whose(h.field or "")]
        surnames = [h for h in same if "family_name" in whose(h.field or "")]
        if len(first_names) == len(surnames) == 1 and first_names[0] is not surnames[0]:
            first, last = first_names[0], surnames[0]
            together = replace(
                first,
                value=f"{first.value} {last.value}",
                p=min(first.p, last.p),
                mention_ids=tuple(sorted({*first.mention_ids, *last.mention_ids})),
                surfaces=first.surfaces | last.surfaces,
                person_role=first.person_role or last.person_role,
            )
            same = [together, *(h for h in same if h is not first and h is not last)]
        found += [
            replace(h, value=f"Familie {h.value}") if h in surnames and not first_names else h for h in same
        ]
    return found


def _path(field: str | None) -> str:
    """The record of a key's path: all but its last part."""
    return (field or "").rpartition(".")[0]


def _list(field: str | None) -> str:
    """The list whose items are the records: all up to the last brackets of a key's path."""
    before, brackets, _ = (field or "").rpartition("[]")
    return before + brackets


def _owners(heard: Sequence[Heard], passages: Rows, devices: Iterable[Device]) -> list[Heard]:
    """People and families named in the names of devices, rooms and networks."""
    mentions: dict[str, set[str]] = defaultdict(set)
    for one in heard:
        if one.label in ("DEVICE", "OTHER") and "account" in one.sources:
            for surface in one.surfaces:
                mentions[surface] |= set(one.mention_ids)
    labels: dict[tuple[str, str], str] = {}
    for passage in passages:
        if passage["role"] == "account" and (of := _named(passage)) is not None:
            labels.setdefault((fold(passage["text"]), of), passage["text"])
    for device in devices:
        for text, of in ((device.name, "device"), (device.room, "room")):
            if text:
                labels.setdefault((fold(text), of), text)
    found = []
    for (key, of), text in sorted(labels.items()):
        if of == "device" and (key, "room") in labels:
            continue
        found += [
            _owner(owner, text, key, tuple(sorted(mentions.get(text, ())))) for owner in owners(text, of)
        ]
    return found


def _named(passage: Mapping[str, Any]) -> str | None:
    """Whether a passage is the name of a device, a room or a network."""
    if passage["meaning"] in ("device", "room"):
        return str(passage["meaning"])
    if passage["meaning"] in ("person", "text") and is_word(passage["text"].split(" ")[0], "house"):
        return "device"  # the name of a home
    plain = passage["meaning"] in ("text", "value", "unknown", "id")
    return "network" if plain and "network" in whose(passage["field"] or "") else None


def _owner(owner: Owner, text: str, key: str, mention_ids: tuple[str, ...]) -> Heard:
    return Heard(
        witness=f"label {key}",
        label=FAMILY if owner.of == "family" else "PERSON",
        value=owner.full,
        alternatives=owner.alternatives,
        p=owner.p,
        mention_ids=mention_ids,
        sources=frozenset(("account",)),
        surfaces=frozenset((text,)),
        meaning="device" if owner.of == "family" else owner.of,
    )
