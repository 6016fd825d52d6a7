"""The request file: what is about to be sent, and what the controller knows of who asked for it."""

from __future__ import annotations

import calendar
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any

from forensics.delivery.decision import SWAP_PRIOR, Costs
from forensics.errors import ForensicsError

SCHEMA = "requests.schema.json"
NAMESAKES = 5
"""Places of one name among which the account's country is looked for."""


class RequestError(ForensicsError):
    """A request file that cannot be used; the message names file and field."""


@dataclass(frozen=True)
class CustomerAccount:
    """What the controller knows of a requester. None is unknown, an empty set is none.

    Parameters
    ----------
    devices : frozenset of str or None
        Serials that are or were registered, in lower case.
    app_sessions : bool or None
        Whether the voice app was used on a phone.
    language, country : str or None
        From the locale.
    city : str or None
        As the account has it.
    place_id : int or None
        The city in the gazetteer; None if it is not there.
    created, period_from, period_to : datetime or None
        UTC.
    customer_ids : frozenset of str or None
        Ids and e-mail addresses, in lower case.
    """

    devices: frozenset[str] | None = None
    has_voice_device: bool | None = None
    app_sessions: bool | None = None
    language: str | None = None
    country: str | None = None
    city: str | None = None
    place_id: int | None = None
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
    unread : tuple of str
        Fields of the request that the schema does not know: a slip of the pen there is a fact not given.
    """

    request_id: str
    bundles: tuple[Path, ...]
    account: CustomerAccount
    voice_reference: Path | None = None
    costs: Costs = field(default_factory=Costs)
    swap_prior: float = SWAP_PRIOR
    unread: tuple[str, ...] = ()


def schema(name: str = SCHEMA) -> dict[str, Any]:
    """A JSON Schema of this package."""
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
    place = f"{source}.requests[{number}]"
    if not row["request_id"].isprintable():
        raise RequestError(
            f"{place}.request_id holds what cannot be printed.", "It is quoted in logs: use plain text."
        )
    return Request(
        row["request_id"],
        tuple(source.parent / name for name in named),
        _account(row["account"], f"{place}.account"),
        source.parent / voice if voice else None,
        Costs(**{name: _number(costs[name], f"{place}.costs") for name in ("leak", "hold") if name in costs}),
        _number(row.get("swap_prior") or whole.get("swap_prior") or SWAP_PRIOR, f"{place}.swap_prior"),
        tuple(_unread(row, whole)),
    )


def _number(value: float, place: str) -> float:
    """A finite number: JSON has none that is not, but Python reads ``NaN``, and no comparison holds of it."""
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise RequestError(f"{place} is no finite number.", "Write it like 0.0001.")
    return found


def _unread(row: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[str]:
    """Fields that nothing here reads, by the schema's own lists of names."""
    known = schema()
    parts = (
        ("", whole, known["oneOf"][1]),
        ("", row, known["$defs"]["request"]),
        ("account.", row["account"], known["$defs"]["account"]),
        ("costs.", {**(whole.get("costs") or {}), **(row.get("costs") or {})}, known["$defs"]["costs"]),
    )
    for before, given, described in parts:
        yield from (
            f"{before}{name}" for name in given if name not in described["properties"] and name[:1] != "$"
        )


def town_id(name: str, language: str = "en", country: str | None = None) -> int | None:
    """The place that a request means by a town's name: in the account's country, if there is one.

    Parameters
    ----------
    language : str
        Of the account, for the prior of namesakes.
    country : str or None
        ISO 3166 code.
    """
    from forensics.knowledge.place_search import candidates
    from forensics.linkage.register_file import resolve

    found = [c.place for c in candidates(name, language=language, limit=NAMESAKES)]
    place = next((p for p in found if p.country == country and p.kind == "city"), None)
    place = place or resolve(name, language)
    return None if place is None else place.geonameid


def _account(facts: Mapping[str, Any], place: str) -> CustomerAccount:
    devices = facts.get("registered_devices")
    ids = facts.get("customer_ids")
    sessions = facts.get("app_sessions")
    language, _, rest = (facts.get("locale") or "").strip().replace("_", "-").partition("-")
    if language and not (language.isascii() and language.isalpha() and len(language) in (2, 3)):
        raise RequestError(f"{place}.locale is no BCP 47 tag.", "Write it like de-DE.")
    country = rest.rpartition("-")[2].upper()
    start, end = _period(facts.get("period"), f"{place}.period")
    zone = facts.get("time_zone") or None
    city = (facts.get("city") or "").strip() or None
    return CustomerAccount(
        devices=None if devices is None else frozenset(_serial(device) for device in devices),
        has_voice_device=facts.get("has_voice_device"),
        app_sessions=None if sessions is None else bool(sessions),
        language=language.lower() or None,
        country=country if len(country) == 2 else None,
        city=city,
        place_id=town_id(city, language.lower() or "en", country or None) if city else None,
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
        if value and not value.keys() & {"from", "start", "to", "end"}:
            raise RequestError(f"{place} has neither 'from' nor 'to'.", "Write both as ISO 8601 dates.")
        ends = [value.get("from", value.get("start")), value.get("to", value.get("end"))]
    else:
        ends = [*value, None, None][:2]
    start, finish = _moment(ends[0], place), _moment(ends[1], place, end=True)
    if start is not None and finish is not None and finish < start:
        raise RequestError(f"{place} ends before it begins.", "Write the earlier date first.")
    return start, finish


def _moment(value: Any, place: str, *, end: bool = False) -> datetime | None:
    """A moment in UTC; of a date alone, its first or last one; of a month, its first or last day's."""
    if value is None or not str(value).strip():
        return None
    text = str(value).strip()
    try:
        if len(text) == 7:  # a month
            found = datetime.fromisoformat(f"{text}-01")
            if end:
                found = found.replace(day=calendar.monthrange(found.year, found.month)[1])
        else:
            found = datetime.fromisoformat(text)
        if len(text) <= 10 and end:
            found = datetime.combine(found.date(), time(23, 59, 59))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RequestError(f"{place} is no ISO 8601 date.", "Write it like 2018-05-01.") from error
