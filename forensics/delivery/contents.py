"""What the guard needs of a bundle, from the tables of a case that lives only as long as the question."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from forensics.case.options import Options
from forensics.case.rows import Row
from forensics.corridor.progress import Progress
from forensics.delivery.claims_said import home_weights, names_heard

if TYPE_CHECKING:
    from forensics.case.case import Case
    from forensics.delivery.requests import CustomerAccount

SCRATCH = ".forensics-guard-"
"""How scratch folders are called: what a killed run left is recognised by it."""
ENOUGH_TEXTS = 0.5
"""Assumption: from this share of recordings with the vendor's text on, the texts are read and nothing is
listened to."""
MAX_TIMES = 2000
"""Utterances of which the local hour is worked out."""
_LANGUAGE_SAMPLE = 400
"""Texts whose language is told."""
_LOCK = ".lock"
_REQUEST = "the-request.zip"


@dataclass(frozen=True)
class Group:
    """One data subject of a bundle.

    Parameters
    ----------
    customer_ids : frozenset of str
        What its files or recordings state, in lower case.
    devices : mapping
        From serial, in lower case, to utterances.
    texts : int
        Utterances without sound.
    times : tuple of datetime
        UTC, of the utterances whose time the export states.
    offsets : mapping
        From minutes east of UTC, as the export states them, to utterances.
    languages : mapping
        From language to its share of the texts.
    claims : sequence of mapping
        Rows of ``claims``.
    stated : mapping
        From kind (``device``, ``name``) to what the account's files say.
    """

    id: str
    role: str
    customer_ids: frozenset[str] = frozenset()
    devices: Mapping[str, int] = field(default_factory=dict)
    recordings: int = 0
    texts: int = 0
    times: tuple[datetime, ...] = ()
    offsets: Mapping[int, int] = field(default_factory=dict)
    languages: Mapping[str, float] = field(default_factory=dict)
    claims: Sequence[Mapping[str, Any]] = ()
    stated: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def spoken(self) -> int:
        """Utterances, with sound or without."""
        return self.recordings + self.texts

    @cached_property
    def homes(self) -> dict[tuple[float, float], float]:
        """As :func:`forensics.delivery.claims_said.home_weights`; once for all accounts."""
        return home_weights(self.claims)

    def hours(self, zone: str) -> npt.NDArray[np.int64]:
        """Utterances by local hour, shape (24,), of an even sample if there are over :data:`MAX_TIMES`."""
        if zone not in self._hours:
            where = ZoneInfo(zone)
            times = self.times[:: max(1, len(self.times) // MAX_TIMES)]
            self._hours[zone] = np.bincount([at.astimezone(where).hour for at in times], minlength=24)
        return self._hours[zone]

    @cached_property
    def _hours(self) -> dict[str, npt.NDArray[np.int64]]:
        return {}

    @cached_property
    def names(self) -> dict[tuple[str, str], float]:
        """As :func:`forensics.delivery.claims_said.names_heard`."""
        return names_heard(self.claims)


@dataclass(frozen=True)
class Contents:
    """One bundle.

    Parameters
    ----------
    hashes : mapping
        From SHA-256 to ``recording`` or ``account_data``.
    readable : int
        Members that could be read.
    """

    groups: tuple[Group, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    readable: int = 0

    @property
    def recordings(self) -> int:
        """Recordings of all groups."""
        return sum(group.recordings for group in self.groups)

    @property
    def spoken(self) -> int:
        """Utterances of all groups, with sound or without."""
        return sum(group.spoken for group in self.groups)

    @property
    def voiced(self) -> tuple[Group, ...]:
        """The groups that hold utterances, with sound or without."""
        return tuple(group for group in self.groups if group.spoken)


@contextmanager
def scratch_folder(within: Path | None) -> Iterator[Path]:
    """A folder for its owner only (mode 0700), gone when the block ends; leftovers of killed runs go too.

    A folder in use is locked: another run in the same place leaves it alone.
    """
    import filelock

    place = Path(tempfile.gettempdir()) if within is None else within
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in place.glob(f"{SCRATCH}*"):
        _sweep(left)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=place))
        with filelock.FileLock(folder / _LOCK, mode=0o600):
            if not (folder / _LOCK).exists():
                continue  # swept in the moment before it was locked
            try:
                yield folder
            finally:
                remove(folder)
            return


def _sweep(left: Path) -> None:
    """Remove what a killed run left, and nobody else's folder."""
    import filelock

    try:
        if left.is_symlink() or left.stat().st_uid != os.geteuid() or not any(left.iterdir()):
            return  # an empty one is just being made
        with filelock.FileLock(left / _LOCK, timeout=0, mode=0o600):
            remove(left)
    except (filelock.Timeout, OSError):
        return  # in use, or gone meanwhile


def remove(folder: Path) -> None:
    """Delete a scratch case; its evidence is read-only, its folders are not."""
    shutil.rmtree(folder, ignore_errors=True)


def read_contents(
    bundles: Sequence[Path],
    account: CustomerAccount,
    folder: Path,
    *,
    engine: str = "auto",
    rules_only: bool = False,
    progress: Progress | None = None,
) -> Contents:
    """Read a bundle through a throwaway case.

    The requester's devices and ids are given to intake as a file of the account: recordings that nothing
    ties to the requester then form a group of their own.

    Parameters
    ----------
    folder : pathlib.Path
        A new case folder; the caller deletes it.
    engine : str
        ``auto`` reads the vendor's texts where most recordings have one, and listens otherwise.
    rules_only : bool
        Hashes and inventory alone: no model.

    Raises
    ------
    BundleError
        If a bundle cannot be opened.
    """
    from forensics.api import take_in_all
    from forensics.corridor.runner import run

    note = folder.with_name(f"{folder.name}-{_REQUEST}")
    with zipfile.ZipFile(note, "w") as archive:
        archive.writestr("account.json", json.dumps(_identities(account)))
    try:
        case = take_in_all(
            [*bundles, note],
            case=folder,
            options=Options(engine="vendor" if engine == "auto" else engine),
            purpose="delivery guard",
            progress=progress,
        )
        run(case, until="intake", progress=progress)
        if not rules_only:
            if engine == "auto" and not _texts_suffice(case):
                from forensics.api import Case

                case = Case.create(folder, options=Options(engine="auto"))
            run(case, until="profile", progress=progress)
        return contents_of(case, without=note.name, stated=account.customer_ids or frozenset())
    finally:
        note.unlink(missing_ok=True)


def contents_of(case: Case, *, without: str = "", stated: frozenset[str] = frozenset()) -> Contents:
    """What a case's tables say.

    Parameters
    ----------
    without : str
        A bundle's name that does not count.
    stated : frozenset of str
        Ids that this bundle states, each in one file.
    """
    members = case.frame("members")
    members = members[members["bundle"] != without]
    kept = members[members["disposition"].isin(["recording", "account_data"]) & (members["size"] > 100)]
    tables = {name: case.rows(name, missing_ok=True) for name in ("devices", "claims", "transcripts")}
    tables["utterances"] = _said(case)
    held = set(members["data_subject_group"])
    groups = []
    for row in case.rows("groups"):
        name = row["data_subject_group"]
        if name in held:
            own = {t: [r for r in rows if r["data_subject_group"] == name] for t, rows in tables.items()}
            groups.append(_group(row, own, stated))
    return Contents(
        tuple(groups),
        dict(zip(kept["sha256"], kept["disposition"], strict=True)),
        int((members["disposition"] != "refused").sum()),
    )


def _said(case: Case) -> list[Row]:
    """The utterances; before anything was transcribed, what intake has of them.

    Nothing says then which lines of text belong to which recording, so that they count as utterances of their
    own only where a data subject has no recordings.
    """
    if case.has_table("utterances"):
        return case.rows("utterances")
    recordings = case.rows("recordings")
    heard = {row["data_subject_group"] for row in recordings}
    lines = (row for row in case.rows("passages") if row["role"] == "transcript")
    found = [{**row, "recording_id": None, "vendor_text": row["text"]} for row in lines]
    return [*recordings, *(row for row in found if row["data_subject_group"] not in heard)]


def _group(row: Row, own: Mapping[str, Sequence[Row]], noted: frozenset[str]) -> Group:
    stated = [(e["name"], str(e["value"])) for e in row["evidence"]]
    said = own["utterances"]
    stated_at = ("export", "derived")
    timed = [u for u in said if u["started_at_basis"] in stated_at and u["started_at"] is not None]
    offsets = Counter(u["utc_offset_min"] for u in timed if u["utc_offset_min"] is not None)
    ids = [_stated_id(value, noted) for kind, value in stated if kind in ("customer id", "e-mail")]
    serials = {d["device_id"]: d["serial"].casefold() for d in own["devices"] if d["serial"] is not None}
    recordings = sum(u["recording_id"] is not None for u in said)
    return Group(
        id=row["data_subject_group"],
        role=row["role"],
        customer_ids=frozenset(i for i in ids if i),
        devices=Counter(serials[u["device_id"]] for u in said if u["device_id"] in serials),
        recordings=recordings,
        texts=len(said) - recordings,
        times=tuple(u["started_at"].astimezone(UTC) for u in timed),
        offsets=offsets,
        languages=_languages(said, own["transcripts"]),
        claims=tuple(own["claims"]),
        stated={
            "device": frozenset(v.casefold() for k, v in stated if k == "device named in the account"),
            "name": frozenset(v.partition(" (in ")[0] for k, v in stated if k == "name"),
        },
    )


def _stated_id(text: str, noted: frozenset[str]) -> str:
    """An id as a group's evidence has it, ``ID (in N files)``; empty if only our own note states it."""
    value, _, files = text.partition(" (in ")
    once = files.partition(" ")[0] == "1"
    return "" if once and value.casefold() in noted else value.casefold()


def _languages(said: Iterable[Row], transcripts: Iterable[Row]) -> dict[str, float]:
    from forensics.language.languages import guess_language

    texts = {(t["text"], t["language"]) for t in transcripts if t["text"].strip()}
    read = {text for text, _ in texts}
    texts |= {(u["vendor_text"], None) for u in said if u["vendor_text"] and u["vendor_text"] not in read}
    found: Counter[str] = Counter()
    ordered = sorted(texts, key=str)
    for text, heard in ordered[:: max(1, len(ordered) // _LANGUAGE_SAMPLE)]:
        language = heard or guess_language(text)
        if language:
            found[language] += 1
    return {language: count / found.total() for language, count in found.items()}


def _texts_suffice(case: Case) -> bool:
    recordings = case.frame("recordings")
    if recordings.empty:
        return True
    texts = recordings["vendor_text"].notna().mean()
    loose = (case.frame("passages")["role"] == "transcript").sum() / len(recordings)
    return bool(max(texts, loose) >= ENOUGH_TEXTS)


def _identities(account: CustomerAccount) -> list[dict[str, str]]:
    """The requester's devices and ids, in words that intake reads in any account's file."""
    rows = [{"deviceSerialNumber": device} for device in sorted(account.devices or ())]
    rows += [
        {"e-mail" if "@" in value else "customerId": value} for value in sorted(account.customer_ids or ())
    ]
    return rows or [{"request": "access"}]
