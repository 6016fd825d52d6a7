"""What a layout reads from and what it gives: the two sides of every module in this folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Literal

from forensics.intake.problems import Problem
from forensics.intake.times import Basis
from forensics.intake.walk import Member

Disposition = Literal["recording", "transcript", "account_data", "other", "refused"]


@dataclass
class Held:
    """A member of the case, as a layout sees it.

    Parameters
    ----------
    id : str
    bundle : str
        Name of the bundle.
    member : Member
    """

    id: str
    bundle: str
    member: Member

    @property
    def path(self) -> str:
        """Names from the outermost archive inwards; data, never a path."""
        return self.member.path

    @property
    def kind(self) -> str:
        """By first bytes."""
        return self.member.kind


@dataclass
class When:
    """A time and how sure it is.

    Parameters
    ----------
    at : datetime or None
        UTC.
    basis : {'export', 'derived', 'file_time', 'unknown'}
    utc_offset_min : int or None
    """

    at: datetime | None = None
    basis: Basis = "unknown"
    utc_offset_min: int | None = None


@dataclass
class Passage:
    """One piece of text.

    Parameters
    ----------
    member : str
        Id.
    role : {'transcript', 'account'}
    text : str
    page, line : int, optional
    field : str, optional
    when : When
    """

    member: str
    role: Literal["transcript", "account"]
    text: str
    page: int | None = None
    line: int | None = None
    field: str | None = None
    when: When = dataclasses.field(default_factory=When)


@dataclass
class Facts:
    """What a layout says of one member.

    Parameters
    ----------
    disposition : str
    when : When
    device : str, optional
        Serial.
    vendor_text : str, optional
        What the export says was recognised.
    owner : str, optional
        Customer id, if the export names one for this member.
    """

    disposition: Disposition
    when: When = dataclasses.field(default_factory=When)
    device: str | None = None
    vendor_text: str | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Identity:
    """Something that says whose data a member is.

    Parameters
    ----------
    member : str
        Id.
    kind : {'e-mail', 'customer id', 'device', 'name'}
    value : str
    where : str
        Field or rule.
    """

    member: str
    kind: str
    value: str
    where: str


@dataclass
class Reading:
    """What a layout found.

    Parameters
    ----------
    export : str
        The layout's name.
    facts : dict
        By member id; a member without facts is left to the layouts that follow.
    passages : list of Passage
    identities : list of Identity
    problems : list of (str, Problem)
        With the member's id.
    evidence : list of (str, str)
        What this layout rests on, for the groups.
    """

    export: str
    facts: dict[str, Facts] = dataclasses.field(default_factory=dict)
    passages: list[Passage] = dataclasses.field(default_factory=list)
    identities: list[Identity] = dataclasses.field(default_factory=list)
    problems: list[tuple[str, Problem]] = dataclasses.field(default_factory=list)
    evidence: list[tuple[str, str]] = dataclasses.field(default_factory=list)


class Inventory:
    """The members that no layout has taken yet, of all bundles of the case.

    Parameters
    ----------
    members : iterable of Held
        Refused ones left out.
    open_content : callable
        From a member's SHA-256 to its content.
    """

    def __init__(self, members: Iterable[Held], open_content: Callable[[str], BinaryIO]) -> None:
        self._members = {held.id: held for held in members}
        self._open = open_content

    def __iter__(self) -> Iterator[Held]:
        return iter(list(self._members.values()))

    def of_kind(self, *kinds: str) -> list[Held]:
        """Members of these kinds."""
        return [held for held in self if held.kind in kinds]

    def take(self, ids: Iterable[str]) -> None:
        """Hide members from the layouts that follow."""
        for id_ in ids:
            self._members.pop(id_, None)

    def open(self, held: Held) -> BinaryIO:
        """A member's content."""
        return self._open(held.member.sha256 or "")

    def read(self, held: Held, limit: int) -> bytes:
        """The first `limit` bytes of a member."""
        with self.open(held) as file:
            return file.read(limit)
