"""What a household says over some weeks, and what the vendor understood of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources

import numpy as np

from forensics.knowledge.numerals import words
from forensics.simulate.households import Household
from forensics.simulate.world import World

_O_CLOCK = "o'clock"
START = datetime(2018, 5, 1, tzinfo=UTC)
_MARKED = re.compile(r"\[([^|\]]+)\|([A-Z]+)\]")
_NAMED = frozenset({"PERSON", "PLACE"})


@dataclass(frozen=True)
class SimulatedUtterance:
    """One recording.

    Parameters
    ----------
    at : datetime
        UTC; local clock times of the household are meant, with an offset of 0.
    device : str
        Serial number.
    domain : str
        Of the command; one of :data:`forensics.case.kinds.DOMAINS`.
    text : str
        What was said.
    entities : tuple of (int, int, str, str)
        Start, end, label and value, in `text`.
    heard : str
        What the vendor understood.
    accidental : bool
        Nobody spoke to the device.
    """

    at: datetime
    device: str
    domain: str
    text: str
    entities: tuple[tuple[int, int, str, str], ...]
    heard: str
    accidental: bool


def utter(home: Household, world: World) -> list[SimulatedUtterance]:
    """All utterances of a household, in no order.

    Parameters
    ----------
    home : Household
        Drawn with :func:`draw_household`; its seed is used here too.
    world : World
        How often names are misheard, and places asked about.
    """
    rng = np.random.default_rng([home.seed, home.number, 1, *home.world.encode()])
    days = max(7, min(60, home.recordings // 8))
    planned = list(_informative(home, world, rng, days))
    if len(planned) > home.recordings:  # small bundles show less, at random
        planned = [planned[i] for i in sorted(rng.permutation(len(planned))[: home.recordings])]
    planned += [("filler", {}, None) for _ in range(home.recordings - len(planned))]
    mishearing = _Mishearing(world, rng)
    return [
        _speak(home, kind, values, when, rng, days, mishearing)
        for kind, values, when in (planned[i] for i in rng.permutation(len(planned)))
    ]


Plan = tuple[str, Mapping[str, str], tuple[int, int] | None]
"""Kind of sentence, values to fill in, and day and hour where they matter."""


def _informative(home: Household, world: World, rng: np.random.Generator, days: int) -> Iterable[Plan]:
    places = [(p, False) for p in home.other_places] + ([(home.home, True)] if home.home_named else [])
    for place, is_home in places:
        again = world.days_home if is_home else world.days_other
        asked = min(int(rng.geometric(1 - again)), days)
        travelling = rng.random() < (0.045 if is_home else 0.3)
        at_home = rng.random() < (0.12 if is_home else 0.01)
        for number, day in enumerate(rng.choice(days, size=asked, replace=False)):
            kind = "weather_place"
            if number == 0 and (travelling or at_home):
                kind = "weather_travel" if travelling else "weather_home"
            morning = rng.random() < (0.4 if is_home else 0.3)
            yield (
                kind,
                {"place": place},
                (int(day), int(rng.integers(6, 9) if morning else rng.integers(11, 22))),
            )
    for _ in range(rng.poisson(4)):
        yield "weather_here", {}, None
    if rng.random() < 0.4:
        for day in range(int(rng.integers(1, 5))):
            yield "commute", {"place": home.work}, (day, 7)
    for _ in range(rng.poisson(3)):
        yield "alarm", {"wake": spoken_clock(home.wake, home.language)}, (int(rng.integers(0, days)), 22)
    for artist in home.artists:
        yield from (("music", {"artist": artist}, None) for _ in range(rng.geometric(0.5)))
    for service in home.services:
        yield "service", {"service": service}, None
    for device in home.devices:
        yield from (("device", {"device": device}, None) for _ in range(rng.geometric(0.3)))
    yield from _people(home, rng)


def _people(home: Household, rng: np.random.Generator) -> Iterable[Plan]:
    for contact in home.contacts:
        if not home.surname_spoken and contact.last == home.last:
            continue  # a relative's surname would give the subject's away
        for _ in range(rng.geometric(0.5)):
            full = f"{contact.first} {contact.last}"
            if contact.relation and contact.by_full_name and rng.random() < 0.5:
                yield "call_kin", {"contact": full, "relation": contact.relation}, None
            elif not contact.by_full_name or rng.random() < 0.3:
                yield "call_first", {"contact_first": contact.first}, None
            else:
                yield ("birthday" if rng.random() < 0.1 else "call_full"), {"contact": full}, None
    if home.companion:
        yield from (("companion", {"companion": home.companion}, None) for _ in range(rng.geometric(0.4)))
    for child in home.children:
        yield from (("child", {"child": child}, None) for _ in range(rng.geometric(0.5)))
    if home.first_name_said:
        kind = "addressed" if rng.random() < 0.5 else "self_first"
        yield from ((kind, {"first": home.first}, None) for _ in range(rng.geometric(0.6)))
    if home.surname_spoken:
        yield "self_full", {"full": f"{home.first} {home.last}"}, None
    for visitor in home.visitors:
        yield "visitor", {"visitor": visitor}, None


class _Mishearing:
    """Turns names into what the vendor understood; some are misheard the same way every time."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self._world, self._rng = world, rng
        self._always: dict[str, str | None] = {}

    def __call__(self, name: str) -> str:
        if name not in self._always:
            recurs = self._rng.random() < self._world.recurring
            wrong = recurs and self._rng.random() < self._world.misheard
            self._always[name] = garble(name, self._rng) if wrong else (name if recurs else None)
        fixed = self._always[name]
        if fixed is not None:
            return fixed
        return garble(name, self._rng) if self._rng.random() < self._world.misheard else name


def spoken_clock(clock: str, language: str) -> str:
    """A time of day in words, as a recogniser writes it.

    Examples
    --------
    >>> spoken_clock("06:30", "de"), spoken_clock("07:00", "en")
    ('sechs uhr dreißig', "seven o'clock")
    """
    hour, minute = (int(part) for part in clock.split(":"))
    hours = words(hour, language)
    minutes = words(minute, language).replace("-", " ") if minute else ""
    if language == "de":
        return f"{hours} uhr {minutes}".strip()
    return f"{hours} {minutes or _O_CLOCK}"


def garble(name: str, rng: np.random.Generator) -> str:
    """A name as a recogniser may mistake it: a letter or two replaced, dropped or doubled, or cut in two."""
    letters = list(name)
    for _ in range(int(rng.integers(1, 3))):
        at = int(rng.integers(0, len(letters)))
        change = rng.random()
        if change < 0.6:
            options = "aeiou" if letters[at].lower() in "aeiouäöü" else "bdfgklmnprstw"
            letters[at] = str(rng.choice(list(options)))
        elif change < 0.8 and len(letters) > 3:
            del letters[at]
        elif change < 0.9:
            letters.insert(at, letters[at])
        elif 1 < at < len(letters) - 1:
            letters.insert(at, " ")
    return "".join(letters)


def _speak(
    home: Household,
    kind: str,
    values: Mapping[str, str],
    when: tuple[int, int] | None,
    rng: np.random.Generator,
    days: int,
    mishearing: _Mishearing,
) -> SimulatedUtterance:
    domain, template = _choose(home.language, kind, rng)
    day, hour = when or (int(rng.integers(0, days)), int(rng.integers(6, 23)))
    minute, second = int(rng.integers(0, 60)), int(rng.integers(0, 60))
    at = START + timedelta(days=day, hours=hour, minutes=minute, seconds=second)
    filled = template.format(**values)
    said, heard, entities, position = "", "", [], 0
    for match in _MARKED.finditer(filled):
        before = filled[position : match.start()]
        value, label = match[1], match[2]
        said, heard = said + before, heard + before
        entities.append((len(said), len(said) + len(value), label, value))
        said += value
        heard += mishearing(value) if label in _NAMED else value
        position = match.end()
    said, heard = said + filled[position:], heard + filled[position:]
    accidental = kind in ("addressed", "visitor")
    wake = "" if accidental else "alexa "
    entities = [(start + len(wake), end + len(wake), label, value) for start, end, label, value in entities]
    device = f"{'G090LF' if home.number % 2 else 'G070VM'}{home.number:09d}{int(rng.integers(0, 2))}"
    return SimulatedUtterance(
        at, device, domain, wake + said, tuple(entities), (wake + heard).lower(), accidental
    )


def _choose(language: str, kind: str, rng: np.random.Generator) -> tuple[str, str]:
    options = _templates(language)[kind]
    return options[int(rng.integers(0, len(options)))]


@cache
def _templates(language: str) -> dict[str, list[tuple[str, str]]]:
    path = resources.files("forensics.simulate") / f"templates_{language}.csv"
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        found.setdefault(row["kind"], []).append((row["domain"], row["sentence"]))
    return found
