"""The devices of each data subject: what names, rows and account files call one and the same device."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics.case.ids import make_id

_SERIAL = re.compile(
    r"(?=[^0-9]*[0-9])(?:[A-Z0-9]{10,32}|[0-9a-f]{16,40}|[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5})"
)


@dataclass(frozen=True, slots=True)
class Device:
    """A device as one row, name or record calls it.

    Parameters
    ----------
    serial : str, optional
    name : str, optional
        The name that the household gave it.
    kind : str, optional
        E.g. ``"Echo Dot"``.
    room : str, optional
    """

    serial: str | None = None
    name: str | None = None
    kind: str | None = None
    room: str | None = None

    def __bool__(self) -> bool:
        return bool(self.serial or self.name or self.kind)

    @property
    def key(self) -> str | None:
        """What tells this device from others: its serial, else its name."""
        return self.serial or self.name


NO_DEVICE = Device()


def device_of(text: str | None, *, kind: str | None = None) -> Device:
    """A device from what a cell says: a serial if it has the form of one, else a name."""
    said = (text or "").strip()
    if _SERIAL.fullmatch(said):
        return Device(serial=said, kind=kind)
    return Device(name=said or None, kind=kind)


@dataclass
class _Known:
    """One device, and all that was said of it."""

    serials: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    rooms: Counter[str] = field(default_factory=Counter)
    recordings: int = 0

    def add(self, device: Device) -> None:
        for counter, value in (
            (self.serials, device.serial), (self.names, device.name),
            (self.kinds, device.kind), (self.rooms, device.room),
        ):  # fmt: skip
            if value:
                counter[value] += 1


class Devices:
    """The devices of one data subject: by serial, else by name, else by type.

    A name that stands beside exactly one serial is that device's wherever it stands alone.

    Parameters
    ----------
    subject : str
    told : iterable of Device
        In any order; the result does not depend on it.
    """

    def __init__(self, subject: str, told: Iterable[Device]) -> None:
        self._subject = subject
        told = list(told)
        serials: dict[str, set[str]] = {}
        for device in told:
            if device.serial and device.name:
                serials.setdefault(device.name.casefold(), set()).add(device.serial.casefold())
        self._serial_of = {name: next(iter(found)) for name, found in serials.items() if len(found) == 1}
        self._known: dict[str, _Known] = {}
        for device in told:
            if device:
                self._known.setdefault(self._key(device), _Known()).add(device)

    def id_of(self, device: Device) -> str | None:
        """The id of a device that was told; None if nothing names it."""
        return make_id("dev", self._subject, self._key(device)) if device else None

    def count(self, device: Device) -> None:
        """Count a recording of this device."""
        if device:
            self._known[self._key(device)].recordings += 1

    def rows(self, owner: str) -> Iterator[dict[str, Any]]:
        """Rows of ``devices``.

        Parameters
        ----------
        owner : str
            Whose account: ``account``, ``other`` or ``unknown``.
        """
        for key, known in sorted(self._known.items()):
            yield {
                "device_id": make_id("dev", self._subject, key), "name": _first(known.names),
                "device_type": _first(known.kinds), "serial": _first(known.serials),
                "room": _first(known.rooms), "owner": owner, "n_recordings": known.recordings,
                "data_subject_group": self._subject,
            }  # fmt: skip

    def _key(self, device: Device) -> str:
        if device.serial:
            return f"serial {device.serial.casefold()}"
        if device.name:
            name = device.name.casefold()
            return f"serial {self._serial_of[name]}" if name in self._serial_of else f"name {name}"
        return f"type {device.kind}"


def owner_of(role: str, roles: Mapping[str, int]) -> str:
    """Whose account a subject's devices are in, from its role and those of the case's other subjects."""
    if role == "account":
        return "account"
    return "other" if roles.get("account") else "unknown"


def _first(counter: Counter[str]) -> str | None:
    return min(counter, key=lambda value: (-counter[value], value)) if counter else None
