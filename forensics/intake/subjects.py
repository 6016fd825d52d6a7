"""Whose is it? Members grouped by data subject; the requester is never taken for the speaker.

The account's own files are one subject. Recordings belong to the account only if something says so: a
device serial that its files name, the account's own mark on the recording, or a layout that holds one
account by its nature. Else they are somebody else's, and every group says what it rests on.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from forensics.intake.exports.base import Facts, Held, Reading

UNKNOWN_SUBJECT = "unknown"
_MAX_EVIDENCE = 20
_REFUSED = Facts("refused")


@dataclass
class Subject:
    """One data subject.

    Parameters
    ----------
    id : str
        From content, e.g. ``account-1a2b3c``.
    role : {'account', 'devices', 'unknown'}
    evidence : list of (str, str)
    members : int
    contents : set of str
        SHA-256 of its recordings: two names for the same bytes are one recording.
    first_at, last_at : datetime or None
        Of its recordings and other dated members.
    """

    id: str
    role: str
    evidence: list[tuple[str, str]] = field(default_factory=list)
    members: int = 0
    contents: set[str] = field(default_factory=set)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def add(self, held: Held) -> None:
        """Give a member to this subject."""
        held.subject = self.id
        facts = held.facts or _REFUSED
        self.members += 1
        if facts.disposition == "recording" and held.member.sha256:
            self.contents.add(held.member.sha256)
        if facts.when.at is not None:
            self.first_at = min(self.first_at or facts.when.at, facts.when.at)
            self.last_at = max(self.last_at or facts.when.at, facts.when.at)


def group(held: list[Held], readings: list[Reading]) -> list[Subject]:
    """Data subjects of a case; every member is told its own.

    Parameters
    ----------
    held : list of Held
        All members; those without facts were refused.
    readings : list of Reading
    """
    stated: Counter[tuple[str, str]] = Counter()
    histories: Counter[str] = Counter()
    for reading in readings:
        stated.update(reading.stated)
        histories.update(reading.histories)
    one_account = {reading.export for reading in readings if reading.own}
    sorting = _Sorting(stated, histories, one_account)
    for member in held:
        sorting.place(member)
    subjects = sorting.subjects()
    layout = [line for reading in readings for line in reading.evidence]
    for subject in subjects:
        if subject.role != "unknown":
            subject.evidence += layout
    return subjects


class _Sorting:
    """Members by what they say of their owner."""

    def __init__(
        self, stated: Counter[tuple[str, str]], histories: Counter[str], one_account: set[str]
    ) -> None:
        self.stated = stated
        self.histories = histories
        customers = {value for kind, value in stated if kind == "customer id"}
        if len(histories) == 1 and not customers:
            stated["customer id", next(iter(histories))] += sum(histories.values())
        self.one_account = one_account
        self.owned = {
            value.casefold() for kind, value in stated if kind in ("device", "customer id", "e-mail")
        }
        self.files: list[Held] = []
        self.refused: list[Held] = []
        self.own: list[Held] = []
        self.silent: list[Held] = []
        self.foreign: dict[str, list[Held]] = defaultdict(list)

    def place(self, held: Held) -> None:
        facts = held.facts
        if facts is None:
            self.refused.append(held)
        elif facts.disposition not in ("recording", "transcript"):
            self.files.append(held)
        elif facts.owner is not None:
            known = facts.owner.casefold() in self.owned
            (self.own if known else self.foreign[facts.owner]).append(held)
        elif (
            facts.device_key is not None and facts.device_key.casefold() in self.owned
        ) or held.export in self.one_account:
            self.own.append(held)
        elif facts.device_key is not None:
            self.foreign[""].append(held)
        else:
            self.silent.append(held)

    def subjects(self) -> list[Subject]:
        self._join_by_device()
        has_account = any(h.facts is not None and h.facts.disposition == "account_data" for h in self.files)
        found: list[Subject] = []
        mixed = bool(self.own) and bool(self.foreign)
        if has_account and not self.foreign and not self._recordings():
            self._take_silent_histories()
        if has_account or self.own:
            found.append(self._account())
        if self.silent and self.own and not self.foreign:
            for held in self.silent:
                found[0].add(held)
            text = f"{len(self.silent)}, kept with the account's: all that name a device are its own"
            found[0].evidence.append(("recordings without device", text))
            self.silent = []
        if self.silent and (mixed or len(self.foreign) > 1):
            why = "recordings or transcripts that name no device, beside those of several subjects"
            found.append(_unknown(self.silent, why))
            self.silent = []
        if self.silent and not self.foreign:
            self.foreign[""] = []
        for owner in sorted(self.foreign):
            found.append(self._devices(owner, has_account))
        rest = self.refused + ([] if has_account or self.own or self.foreign else self.files)
        if rest:
            unknown = next((s for s in found if s.id == UNKNOWN_SUBJECT), None)
            why = "refused, or nothing says whose it is"
            if unknown is None:
                found.append(_unknown(rest, why))
            else:
                unknown.evidence.append(("why", why))
                for held in rest:
                    unknown.add(held)
        return found

    def _recordings(self) -> bool:
        """Whether there is any recording."""
        everybody = (*self.own, *self.silent, *(h for members in self.foreign.values() for h in members))
        return any(h.facts is not None and h.facts.disposition == "recording" for h in everybody)

    def _take_silent_histories(self) -> None:
        """Tables of things said beside an account and no sound are the account's; loose pages may not be."""
        tables = [held for held in self.silent if held.kind != "pdf"]
        self.own += tables
        self.silent = [held for held in self.silent if held.kind == "pdf"]

    def _join_by_device(self) -> None:
        """Recordings that name only a device go to the owner whose recordings name that device too."""
        by_device: dict[str, set[str]] = defaultdict(set)
        for owner, members in self.foreign.items():
            for held in members:
                if owner and held.facts is not None and held.facts.device_key:
                    by_device[held.facts.device_key].add(owner)
        left = []
        for held in self.foreign.pop("", []):
            owners = by_device.get((held.facts.device_key if held.facts else None) or "", set())
            if len(owners) == 1:
                self.foreign[next(iter(owners))].append(held)
            else:
                left.append(held)
        if left:
            self.foreign[""] = left

    def _account(self) -> Subject:
        by_kind: dict[str, Counter[str]] = defaultdict(Counter)
        for (kind, value), count in self.stated.items():
            by_kind[kind][value] += count
        main = [_top(by_kind[kind], 1)[0][0] for kind in ("customer id", "e-mail") if by_kind[kind]]
        evidence = []
        for kind in ("customer id", "e-mail", "name"):
            evidence += [(kind, f"{value} (in {count} files)") for value, count in _top(by_kind[kind], 3)]
        devices = sorted(by_kind["device"])
        evidence += [("device named in the account", value) for value in devices[:_MAX_EVIDENCE]]
        if self.own:
            evidence += self._own_evidence()
        elif not devices:
            evidence.append(("devices", "the account's files name no device serial"))
        subject = Subject("", "account", evidence)
        members = self.files + self.own
        subject.id = _id("account", main or sorted({h.member.sha256 or "" for h in members}))
        for held in members:
            subject.add(held)
        return subject

    def _own_evidence(self) -> list[tuple[str, str]]:
        ways: Counter[str] = Counter()
        for held in self.own:
            facts = held.facts
            if facts is None or facts.disposition != "recording":
                continue
            if facts.device_key is not None and facts.device_key.casefold() in self.owned:
                ways[f"device {facts.device_key}, which the account's files name"] += 1
            elif facts.owner is not None:
                ways["the account's own mark on the recording"] += 1
            else:
                ways[f"the layout '{held.export}' holds one account"] += 1
        return [("recordings of the account", f"{n}: {way}") for way, n in _top(ways, _MAX_EVIDENCE)]

    def _devices(self, owner: str, has_account: bool) -> Subject:
        members = self.foreign[owner] + self.silent
        serials: Counter[str] = Counter()
        for held in members:
            if held.facts is not None and held.facts.device_key and held.facts.disposition == "recording":
                serials[held.facts.device_key] += 1
        evidence = [("customer id", owner)] if owner else []
        evidence += [("device serial", f"{s} ({n} recordings)") for s, n in _top(serials, _MAX_EVIDENCE)]
        evidence += self._not_the_account(has_account, serials, owner)
        quiet = sum(h.facts is not None and h.facts.disposition == "recording" for h in self.silent)
        if quiet and serials:
            text = f"{quiet}, kept with the others of the bundle: nothing says otherwise"
            evidence.append(("recordings without device", text))
        papers = sum(h.facts is not None and h.facts.disposition == "transcript" for h in members)
        if papers:
            text = f"{papers} file(s), taken as those of the recordings beside them"
            evidence.append(("transcripts", text))
        parts = [owner] if owner else sorted(serials) or sorted({h.member.sha256 or "" for h in members})
        role = "account" if owner in self.histories and not has_account and not self.own else "devices"
        subject = Subject(_id(role, parts), role, evidence)
        if not has_account and not self.own and len(self.foreign) == 1:
            members = members + self.files
            self.files = []
        for held in members:
            subject.add(held)
        self.silent = []
        return subject

    def _not_the_account(self, has_account: bool, serials: Counter[str], owner: str) -> list[tuple[str, str]]:
        if not has_account:
            return []
        devices = {value for kind, value in self.stated if kind == "device"}
        if owner:
            return [
                ("not the account's", "the recordings carry another customer id than the account's files")
            ]
        if not serials:
            return [("not the account's", "no recording names a device: nothing ties them to the account")]
        other = f"which name {len(devices)} other device(s)" if devices else "which name no device"
        return [("not the account's", f"none of these serials is in the account's files, {other}")]


def _unknown(members: Iterable[Held], why: str) -> Subject:
    subject = Subject(UNKNOWN_SUBJECT, "unknown", [("why", why)])
    for held in members:
        subject.add(held)
    return subject


def _top(counter: Counter[str], count: int) -> list[tuple[str, int]]:
    """The most frequent, ties by name: the order of members must not matter."""
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:count]


def _id(kind: str, parts: Iterable[str]) -> str:
    return f"{kind}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:6]}"
