"""The request file: what is about to be sent, and what the controller knows of who asked for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from forensics.delivery.decision import SWAP_PRIOR, Costs
from forensics.errors import ForensicsError

SCHEMA = "requests.schema.json"


class RequestError(ForensicsError):
    """A request file that cannot be used; the message names file and field."""


@dataclass(frozen=True)
class Account:
    """What the controller knows of a requester. None is unknown, an empty set is none.

    Parameters
    ----------
    devices : frozenset of str or None
        Serials that are or were registered, in lower case.
    has_voice_device : bool or None
    app_sessions : bool or None
        Whether the voice app was used on a phone.
    language, country : str or None
        From the locale.
    city : str or None
    household_names : tuple of str
    created, period_from, period_to : datetime or None
        UTC.
    customer_ids : frozenset of str or None
        Ids and e-mail addresses, in lower case.
    time_zone : str or None
    recordings : int or None
    """

    devices: frozenset[str] | None = None
    has_voice_device: bool | None = None
    app_sessions: bool | None = None
    language: str | None = None
    country: str | None = None
    city: str | None = None
    household_names: tuple[str, ...] = ()
    created: datetime | None = None
    period_from: datetime | None = None
    period_to: datetime | None = None
    customer_ids: frozenset[str] | None = None
    time_zone: str | None = None
    recordings: int | None = None


@dataclass(frozen=True)
class Request:
    """One open request.

    Parameters
    ----------
    request_id : str
    bundles : tuple of pathlib.Path
    account : Account
    voice_reference : pathlib.Path or None
    costs : Costs
    swap_prior : float
    """

    request_id: str
    bundles: tuple[Path, ...]
    account: Account
    voice_reference: Path | None = None
    costs: Costs = field(default_factory=Costs)
    swap_prior: float = SWAP_PRIOR


def schema(name: str = SCHEMA) -> dict[str, Any]:
    """A JSON Schema of this package.

    Parameters
    ----------
    name : {'requests.schema.json', 'decisions.schema.json'}
    """
    path = resources.files("forensics.delivery") / "schema" / name
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def read_requests(path: str | Path) -> list[Request]:
    """The requests of a file.

    Parameters
    ----------
    path : path
        Bundles are named relative to it.

    Raises
    ------
    RequestError
        If it is no JSON, does not follow the schema, or names a request twice.
    """
    source = Path(path)
    try:
        content = json.loads(source.read_text("utf-8-sig"))
    except OSError as error:
        raise RequestError(f"{source}: {error.strerror}.", "Check the path of the request file.") from error
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{source} is not JSON.", "Write it as UTF-8 JSON.") from error
    return parse_requests(content, source)


def parse_requests(content: Any, source: Path) -> list[Request]:
    """The requests of parsed JSON; `source` is named in errors, and bundles are relative to it.

    Raises
    ------
    RequestError
        As :func:`read_requests`.
    """
    from jsonschema import Draft202012Validator

    whole = content if isinstance(content, Mapping) else {"requests": content}
    validator = Draft202012Validator({**schema(), "oneOf": [schema()["oneOf"][1]]})
    errors = sorted(validator.iter_errors(whole), key=lambda e: [str(p) for p in _deepest(e).absolute_path])
    if errors:
        error = _deepest(errors[0])
        place = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path)
        # the value itself is not quoted: it may be a name
        raise RequestError(
            f"{source}{place or ''}: does not satisfy '{error.validator}' of the request schema.",
            "The schema is forensics/delivery/schema/requests.schema.json.",
        )
    requests = [_request(row, whole, source, number) for number, row in enumerate(whole["requests"])]
    seen: set[str] = set()
    for number, request in enumerate(requests):
        if request.request_id in seen:
            raise RequestError(
                f"{source}.requests[{number}]: this request_id stands twice.", "Give each its own."
            )
        seen.add(request.request_id)
    return requests


def _deepest(error: Any) -> Any:
    """Of the alternatives that fail, the one that fails furthest inside says what is wrong."""
    while error.context:
        error = max(error.context, key=lambda e: len(e.absolute_path))
    return error


def _request(row: Mapping[str, Any], whole: Mapping[str, Any], source: Path, number: int) -> Request:
    named = row["bundle"] if isinstance(row["bundle"], list) else [row["bundle"]]
    costs = {**(whole.get("costs") or {}), **(row.get("costs") or {})}
    voice = row.get("voice_reference")
    place = f"{source}.requests[{number}].account"
    return Request(
        row["request_id"],
        tuple(source.parent / name for name in named),
        _account(row["account"], place),
        source.parent / voice if voice else None,
        Costs(**{name: float(costs[name]) for name in ("leak", "hold") if name in costs}),
        float(row.get("swap_prior") or whole.get("swap_prior") or SWAP_PRIOR),
    )


def _account(facts: Mapping[str, Any], place: str) -> Account:
    devices = facts.get("registered_devices")
    ids = facts.get("customer_ids")
    sessions = facts.get("app_sessions")
    language, _, rest = (facts.get("locale") or "").replace("_", "-").partition("-")
    country = rest.rpartition("-")[2].upper()
    start, end = _period(facts.get("period"), f"{place}.period")
    zone = facts.get("time_zone") or None
    return Account(
        devices=None if devices is None else frozenset(_serial(device) for device in devices),
        has_voice_device=facts.get("has_voice_device"),
        app_sessions=None if sessions is None else bool(sessions),
        language=language.lower() or None,
        country=country if len(country) == 2 else None,
        city=(facts.get("city") or "").strip() or None,
        household_names=tuple(name.strip() for name in facts.get("household_names") or () if name.strip()),
        created=_moment(facts.get("created"), f"{place}.created"),
        period_from=start,
        period_to=end,
        customer_ids=None if ids is None else frozenset(i.strip().casefold() for i in ids),
        time_zone=_known_zone(zone, f"{place}.time_zone") if zone else None,
        recordings=facts.get("recordings"),
    )


def _serial(device: str | Mapping[str, Any]) -> str:
    return (device if isinstance(device, str) else str(device["serial"])).strip().casefold()


def _known_zone(name: str, place: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RequestError(f"{place} is no IANA time zone.", "Write it like Europe/Berlin.") from error
    return name


def _period(value: Any, place: str) -> tuple[datetime | None, datetime | None]:
    if value is None or value == "":
        return None, None
    if isinstance(value, str):
        ends: list[Any] = list(value.split("/", 1)) if "/" in value else [value, value]
    elif isinstance(value, Mapping):
        ends = [value.get("from", value.get("start")), value.get("to", value.get("end"))]
    else:
        ends = [*value, None, None][:2]
    return _moment(ends[0], place), _moment(ends[1], place, end=True)


def _moment(value: Any, place: str, *, end: bool = False) -> datetime | None:
    """A moment in UTC; of a date alone, its first or last one; of a month, its first or last day's."""
    if value is None or not str(value).strip():
        return None
    text = str(value).strip()
    try:
        if len(text) == 7:  # a month
            first = datetime.fromisoformat(f"{text}-01").replace(tzinfo=UTC)
            return (first + timedelta(days=32)).replace(day=1) - timedelta(seconds=1) if end else first
        found = datetime.fromisoformat(text)
        if len(text) <= 10 and end:
            found = datetime.combine(found.date(), time(23, 59, 59))
    except ValueError as error:
        raise RequestError(f"{place} is no ISO 8601 date.", "Write it like 2018-05-01.") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
