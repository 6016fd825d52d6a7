"""Whose is it? Members grouped by data subject; the requester is never taken for the speaker.

The account's own files are one subject. Recordings belong to the account only if something says so: a
device serial that its files name, or the account's customer id on the recording itself. Else they are
somebody else's.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from forensics.intake.exports.base import Facts, Held, Identity, Reading

_MAX_EVIDENCE = 20


@dataclass
class Subject:
    """One data subject.

    Parameters
    ----------
    id : str
        From content, e.g. ``account-1a2b3c``.
    role : {'account', 'devices', 'unknown'}
    evidence : list of (str, str)
    members : dict
        Facts by member id.
    """

    id: str
    role: str
    evidence: list[tuple[str, str]] = field(default_factory=list)
    members: dict[str, Facts] = field(default_factory=dict)

    @property
    def times(self) -> list[datetime]:
        """Times of its recordings."""
        return sorted(f.when.at for f in self.members.values() if f.when.at is not None)


def group(held: Iterable[Held], readings: list[Reading], refused: Iterable[Held]) -> list[Subject]:
    """Data subjects of a case.

    Parameters
    ----------
    held : iterable of Held
        Members with facts.
    readings : list of Reading
    refused : iterable of Held
        Members whose content was not read: nobody's, or unknown whose.
    """
    by_id = {h.id: h for h in held}
    facts = {id_: f for reading in readings for id_, f in reading.facts.items()}
    identities = [i for reading in readings for i in reading.identities]
    sounding = {id_ for id_, f in facts.items() if f.disposition in ("recording", "transcript")}
    stated = [i for i in identities if i.member not in sounding]
    spoken = [i for i in identities if i.member in sounding]
    files = {id_: f for id_, f in facts.items() if id_ not in sounding}
    owned = {i.value.casefold() for i in stated if i.kind in ("device", "customer id")}

    own: dict[str, Facts] = {}
    foreign: dict[str, Facts] = {}
    silent: dict[str, Facts] = {}
    for id_ in sorted(sounding):
        fact = facts[id_]
        marks = {m.casefold() for m in (fact.device, fact.owner) if m}
        target = silent if not marks else own if marks & owned else foreign
        target[id_] = fact
    has_account = any(f.disposition == "account_data" for f in files.values())
    subjects = []
    keep_apart = bool(own and foreign)
    if has_account or own:
        subjects.append(_account({**files, **own}, stated, spoken, own))
        files = {}
    if foreign or silent:
        if own and not foreign:
            subjects[0].members.update(silent)
            subjects[0].evidence.append(
                (
                    "recordings without device",
                    f"{len(silent)}, kept with the account's: all that name a device are its own",
                )
            )
        else:
            joined = {**files, **foreign, **({} if keep_apart else silent)}
            if joined:
                subjects.append(
                    _devices(joined, spoken, stated, by_id, silent if not keep_apart else {}, has_account)
                )
                files = {}
            if keep_apart and silent:
                subjects.append(_unknown(silent, "recordings without device, beside those of two subjects"))
    nobody = {h.id: Facts("refused") for h in refused}
    rest = {**files, **nobody}
    if rest:
        subjects.append(_unknown(rest, "refused, or nothing says whose it is"))
    for subject in subjects:
        subject.evidence += [e for reading in readings for e in reading.evidence if subject.role != "unknown"]
    return subjects


def _account(
    members: dict[str, Facts], stated: list[Identity], spoken: list[Identity], own: dict[str, Facts]
) -> Subject:
    emails = Counter(i.value for i in stated if i.kind == "e-mail")
    customers = Counter(i.value for i in stated if i.kind == "customer id")
    devices = sorted({i.value for i in stated if i.kind == "device"})
    main = [value for counter in (customers, emails) for value, _ in counter.most_common(1)]
    evidence = [("customer id", f"{value} (in {n} files)") for value, n in customers.most_common(3)]
    evidence += [("e-mail", f"{value} (in {n} files)") for value, n in emails.most_common(3)]
    evidence += [("device named in the account", value) for value in devices[:_MAX_EVIDENCE]]
    if own:
        serials = sorted({i.value for i in spoken if i.member in own})
        evidence += [
            ("device of recordings, named in the account", value) for value in serials[:_MAX_EVIDENCE]
        ]
    elif not devices:
        evidence.append(("devices", "the account's files name no device serial"))
    return Subject(_id("account", main or sorted(members)), "account", evidence, members)


def _devices(
    members: dict[str, Facts],
    spoken: list[Identity],
    stated: list[Identity],
    by_id: dict[str, Held],
    silent: dict[str, Facts],
    has_account: bool,
) -> Subject:
    serials = Counter(i.value for i in spoken if i.member in members and i.kind == "device")
    owners = Counter(f.owner for f in members.values() if f.owner)
    evidence = [
        ("device serial", f"{value} ({n} recordings)") for value, n in serials.most_common(_MAX_EVIDENCE)
    ]
    evidence += [("customer id", f"{value} ({n} recordings)") for value, n in owners.most_common(3)]
    if has_account and serials:
        registered = {i.value for i in stated if i.kind == "device"}
        said = f"names {len(registered)} other device(s)" if registered else "names no device at all"
        evidence.append(
            ("not the account's", f"none of these serials is in the account's files, which {said}")
        )
    elif has_account:
        evidence.append(
            ("not the account's", "no recording names a device, so nothing ties them to the account")
        )
    quiet = sum(f.disposition == "recording" for f in silent.values())
    if quiet and serials:
        evidence.append(
            (
                "recordings without device",
                f"{quiet}, kept with the others of their bundle: nothing says otherwise",
            )
        )
    papers = sum(f.disposition == "transcript" for f in members.values())
    if papers:
        evidence.append(
            ("transcripts", f"{papers} file(s) of transcripts, taken as those of the recordings beside them")
        )
    parts = (
        sorted(serials)
        or sorted(owners)
        or sorted({by_id[m].member.sha256 or "" for m in members if m in by_id})
    )
    return Subject(_id("devices", parts), "devices", evidence, members)


def _unknown(members: dict[str, Facts], why: str) -> Subject:
    return Subject("unknown", "unknown", [("why", why)], members)


def _id(kind: str, parts: Iterable[str]) -> str:
    return f"{kind}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:6]}"
