"""What a layout reads from and what it gives: the two sides of every module in this folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from forensics.intake.devices import NO_DEVICE, Device
from forensics.intake.problems import Problem
from forensics.intake.spool import Spool
from forensics.intake.times import Basis
from forensics.intake.walk import Member

Disposition = Literal["recording", "transcript", "account_data", "other", "refused"]


@dataclass(frozen=True, slots=True)
class When:
    """A time and how sure it is.

    Parameters
    ----------
    at : datetime or None
        UTC.
    basis : {'export', 'derived', 'tag', 'file_time', 'unknown'}
    utc_offset_min : int or None
        The local offset, where the export states one.
    """

    at: datetime | None = None
    basis: Basis = "unknown"
    utc_offset_min: int | None = None


UNKNOWN = When()


@dataclass(frozen=True, slots=True)
class Field:
    """What a column, a page or a kind of record of one member was read as.

    Parameters
    ----------
    held : str
        The member's id.
    name : str or None
        Column header, JSON path or page; None for the text as a whole.
    meaning : str
        One of :data:`forensics.case.kinds.MEANINGS`.
    recognised_by : str
        One of :data:`forensics.case.kinds.RECOGNISED_BY`.
    score : float or None
        From 0 to 1.
    seen, used : int
        Rows that hold something, and those whose value became evidence in this meaning.
    withheld : int
        Distinct values that stand in the member and are quoted nowhere in this row.
    """

    held: str
    name: str | None
    meaning: str
    recognised_by: str
    score: float | None = None
    seen: int = 0
    used: int = 0
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a layout says of one member.

    Parameters
    ----------
    disposition : str
    when : When
    device : Device
    vendor_text : str, optional
        What the export says was recognised.
    owner : str, optional
        Whose it is, if the export says so: a customer id, or another mark of the account.
    status : str, optional
        One of :data:`forensics.case.kinds.VENDOR_STATUSES`.
    speaker : str, optional
        The vendor's name for who speaks.
    """

    disposition: Disposition
    when: When = UNKNOWN
    device: Device = NO_DEVICE
    vendor_text: str | None = None
    owner: str | None = None
    status: str | None = None
    speaker: str | None = None

    @property
    def device_key(self) -> str | None:
        """What tells its device from others, if it names one."""
        return self.device.key


@dataclass(slots=True)
class Held:
    """A member of the case, and what became of it.

    Parameters
    ----------
    id : str
    bundle : str
        Name of the bundle.
    member : Member
    facts : Facts or None
        What the layout that took it says; None until one does.
    export : str or None
        That layout's name.
    subject : str
        Data subject group.
    """

    id: str
    bundle: str
    member: Member
    facts: Facts | None = None
    export: str | None = None
    subject: str = "unknown"

    @property
    def path(self) -> str:
        """Names from the outermost archive inwards; data, never a path."""
        return self.member.path

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.member.path.replace("\\", "/").rpartition("/")[2]

    @property
    def kind(self) -> str:
        """By first bytes."""
        return self.member.kind


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of text.

    Parameters
    ----------
    held : str
        The member's id.
    role : {'transcript', 'account'}
    text : str
    page, line : int, optional
    field : str, optional
        Column header or JSON path.
    when : When
    meaning : str
        One of :data:`forensics.case.kinds.MEANINGS`.
    device : Device
    status : str, optional
        One of :data:`forensics.case.kinds.VENDOR_STATUSES`.
    speaker : str, optional
        The vendor's name for who speaks.
    person_role, place_role : str, optional
        Who the person named is to the household, and what the place is to it, where a file says so: one of
        :data:`forensics.case.kinds.ROLES` and :data:`forensics.case.kinds.PLACE_ROLES`.
    """

    held: str
    role: Literal["transcript", "account"]
    text: str
    page: int | None = None
    line: int | None = None
    field: str | None = None
    when: When = UNKNOWN
    meaning: str = "unknown"
    device: Device = NO_DEVICE
    status: str | None = None
    speaker: str | None = None
    person_role: str | None = None
    place_role: str | None = None


@dataclass
class Reading:
    """What a layout found.

    Parameters
    ----------
    export : str
        The layout's name.
    passages : Spool of Passage
    stated : Counter
        How many of the account's files name something that identifies it: ``("e-mail", "…")``,
        ``("customer id", "…")``, ``("device", "…")``, ``("name", "…")``.
    histories : Counter
        How many histories say that they are of which customer.
    problems : list of (Held, Problem)
    evidence : list of (str, str)
        What this layout rests on, for the groups.
    devices : list of (Held, Device)
        Devices that files list, whether or not they recorded anything.
    fields : Spool of Field
        What was read as what.
    opened : callable, optional
        Opens a member's content.
    own : bool
        The layout belongs to one account, recordings and files alike, unless a recording names another.
    """

    export: str
    passages: Spool[Passage] = field(default_factory=Spool)
    stated: Counter[tuple[str, str]] = field(default_factory=Counter)
    histories: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[Held, Problem]] = field(default_factory=list)
    evidence: list[tuple[str, str]] = field(default_factory=list)
    devices: list[tuple[Held, Device]] = field(default_factory=list)
    fields: Spool[Field] = field(default_factory=Spool)
    own: bool = False
    opened: Callable[[Held], BinaryIO] | None = None

    def set(self, held: Held, facts: Facts) -> None:
        """Take a member: no other layout gets to see it."""
        held.facts, held.export = facts, self.export

    def note(self, held: Held, code: str, message: str) -> None:
        """Say something ordinary about a member."""
        self.problems.append((held, Problem(code, message, level="note")))

    def find(self, held: Held, code: str, message: str, remedy: str = "Compare with the original.") -> None:
        """Say something about a member that somebody needs to trust the evidence."""
        self.problems.append((held, Problem(code, message, remedy)))


class Inventory:
    """The members that no layout has taken yet, of all bundles of the case.

    Parameters
    ----------
    members : list of Held
        Refused ones left out.
    open_content : callable
        From a member's SHA-256 to its content.
    folder : pathlib.Path, optional
        Where what does not fit in memory may go.
    """

    def __init__(
        self,
        members: Iterable[Held],
        open_content: Callable[[str], BinaryIO],
        folder: Path | None = None,
    ) -> None:
        self._members = list(members)
        self._open = open_content
        self._folder = folder

    def __iter__(self) -> Iterator[Held]:
        return (held for held in self._members if held.facts is None)

    def of_kind(self, *kinds: str) -> list[Held]:
        """Members of these kinds."""
        return [held for held in self if held.kind in kinds]

    def give_back(self, members: Iterable[Held]) -> None:
        """Let other layouts see members again that one has taken and cannot use."""
        for held in members:
            held.facts = held.export = None

    def reading(self, export: str) -> Reading:
        """An empty reading of the layout `export`."""
        return Reading(export, Spool(self._folder), fields=Spool(self._folder), opened=self.open)

    def open(self, held: Held) -> BinaryIO:
        """A member's content."""
        return self._open(held.member.sha256 or "")

    def read(self, held: Held, limit: int) -> bytes:
        """The first `limit` bytes of a member."""
        with self.open(held) as file:
            return file.read(limit)
