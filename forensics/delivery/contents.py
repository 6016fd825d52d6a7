"""What the guard needs of a bundle, from the tables of a case that lives only as long as the question."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
from forensics.corridor.progress import Progress
from forensics.delivery.spoken import home_weights, names_heard

if TYPE_CHECKING:
    from forensics.case.case import Case
    from forensics.delivery.requests import Account

SCRATCH = ".forensics-guard-"
"""How scratch folders are called: what a killed run left is recognised by it."""
ENOUGH_TEXTS = 0.5
"""From this share of recordings with the vendor's text on, the texts are read and nothing is listened to."""
MAX_TIMES = 2000
"""Recordings of which the local hour is worked out."""
_LANGUAGE_SAMPLE = 400
_LOCK = ".lock"
_REQUEST = "the-request.zip"


@dataclass(frozen=True)
class Group:
    """One data subject of a bundle.

    Parameters
    ----------
    id : str
    role : {'account', 'devices', 'unknown'}
    customer_ids : frozenset of str
        What its files or recordings state, in lower case.
    devices : mapping
        From serial, in lower case, to recordings.
    recordings : int
    times : tuple of datetime
        UTC, of the recordings whose time the export states.
    offsets : mapping
        From minutes east of UTC, as the export states them, to recordings.
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
    times: tuple[datetime, ...] = ()
    offsets: Mapping[int, int] = field(default_factory=dict)
    languages: Mapping[str, float] = field(default_factory=dict)
    claims: Sequence[Mapping[str, Any]] = ()
    stated: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def homes(self) -> dict[tuple[float, float], float]:
        """As :func:`forensics.delivery.spoken.home_weights`; once for all accounts."""
        return home_weights(self.claims)

    def hours(self, zone: str) -> npt.NDArray[np.int64]:
        """Recordings by local hour, shape (24,), of an even sample if there are over :data:`MAX_TIMES`."""
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
        """As :func:`forensics.delivery.spoken.names_heard`."""
        return names_heard(self.claims)


@dataclass(frozen=True)
class Contents:
    """One bundle.

    Parameters
    ----------
    groups : tuple of Group
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
    def voiced(self) -> tuple[Group, ...]:
        """The groups that hold recordings."""
        return tuple(group for group in self.groups if group.recordings)


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
    account: Account,
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
    bundles : sequence of paths
    account : Account
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
    case : Case
    without : str
        A bundle's name that does not count.
    stated : frozenset of str
        Ids that this bundle states, each in one file.
    """
    members = case.frame("members")
    members = members[members["bundle"] != without]
    kept = members[members["disposition"].isin(["recording", "account_data"]) & (members["size"] > 100)]
    recordings = case.rows("recordings")
    claims = case.rows("claims", missing_ok=True)
    transcripts = case.rows("transcripts", missing_ok=True)
    held = set(members["data_subject_group"])
    groups = [
        _group(row, recordings, claims, transcripts, stated)
        for row in case.rows("groups")
        if row["data_subject_group"] in held
    ]
    return Contents(
        tuple(groups),
        dict(zip(kept["sha256"], kept["disposition"], strict=True)),
        int((members["disposition"] != "refused").sum()),
    )


def is_serial(device: str) -> bool:
    """Whether a device goes by its serial: "Kitchen" or "Anna's Echo" is a name that many households use."""
    return any(c.isdigit() for c in device) and not any(c.isspace() for c in device)


def _group(
    row: Mapping[Any, Any],
    recordings: Sequence[Mapping[Any, Any]],
    claims: Sequence[Mapping[Any, Any]],
    transcripts: Sequence[Mapping[Any, Any]],
    noted: frozenset[str],
) -> Group:
    name = row["data_subject_group"]
    stated = [(e["name"], str(e["value"])) for e in row["evidence"]]
    mine = [r for r in recordings if r["data_subject_group"] == name]
    timed = [
        r for r in mine if r["started_at_basis"] in ("export", "derived") and r["started_at"] is not None
    ]
    offsets = Counter(r["utc_offset_min"] for r in timed if r["utc_offset_min"] is not None)
    ids = [_stated_id(value, noted) for kind, value in stated if kind in ("customer id", "e-mail")]
    return Group(
        id=name,
        role=row["role"],
        customer_ids=frozenset(i for i in ids if i),
        devices=Counter(
            r["device"].casefold() for r in mine if r["device"] is not None and is_serial(r["device"])
        ),
        recordings=len(mine),
        times=tuple(r["started_at"].astimezone(UTC) for r in timed),
        offsets=offsets,
        languages=_languages([t for t in transcripts if t["data_subject_group"] == name]),
        claims=tuple(c for c in claims if c["data_subject_group"] == name),
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


def _languages(transcripts: Sequence[Mapping[Any, Any]]) -> dict[str, float]:
    from forensics.language.languages import guess_language

    found: Counter[str] = Counter()
    texts = sorted(
        {(t["text"], t["language"]) for t in transcripts if t["text"].strip()},
        key=str,
    )
    for text, heard in texts[:: max(1, len(texts) // _LANGUAGE_SAMPLE)]:
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


def _identities(account: Account) -> list[dict[str, str]]:
    """The requester's devices and ids, in words that intake reads in any account's file."""
    rows = [{"deviceSerialNumber": device} for device in sorted(account.devices or ())]
    rows += [
        {"e-mail" if "@" in value else "customerId": value} for value in sorted(account.customer_ids or ())
    ]
    return rows or [{"request": "access"}]
