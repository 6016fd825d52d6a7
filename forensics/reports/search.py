"""Search in everything said: by words, person, place, device, time and doubt; masked unless revealed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from forensics.errors import ForensicsError
from forensics.knowledge.gazetteer import place_by_id
from forensics.knowledge.place_names import name_in
from forensics.reports.said import Said, everything_said
from forensics.reports.shown import LEFT_OUT, place_label

if TYPE_CHECKING:
    import pandas as pd

    from forensics.reports.view import View

When = str | date | datetime
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_MOST_NAMED = 12
"""Names that an error lists."""


@dataclass(frozen=True)
class Hit:
    """One utterance that was looked for.

    Parameters
    ----------
    said : Said
        With all its readings, unmasked: :func:`frame` masks.
    found_in : tuple of str
        Which readings say it: ``heard``, ``vendor``, ``alternative``; where no words were looked for, those
        that there are.
    at_s : float or None
        Second of the recording at which the words begin, as far as the engine timed them.
    """

    said: Said
    found_in: tuple[str, ...]
    at_s: float | None


def search(
    view: View,
    text: str = "",
    *,
    person: str | None = None,
    place: str | int | None = None,
    device: str | None = None,
    since: When | None = None,
    until: When | None = None,
    doubtful: bool | None = None,
) -> list[Hit]:
    """The utterances that say something, in the order of time.

    Parameters
    ----------
    view : View
        Decides under which names errors list what the case knows.
    text : str
        Words that follow each other; each may go on ("rad" finds "Radio"). Case, accents and punctuation do
        not matter, "Mueller" finds "Müller". Empty finds every utterance.
    person : str, optional
        A ``person_id``, a form of a name, or the pseudonym that masked output shows. Whoever is spoken of,
        and, where voices were compared, whoever speaks.
    place : str or int, optional
        A name in English or German, or a gazetteer id.
    device : str, optional
        A ``device_id``, or a part of a device's type, room, name or serial number.
    since, until : str, date or datetime, optional
        ISO 8601. A day or time without a zone is local to the utterance; `until` a day includes the day.
        Utterances without a time are left out.
    doubtful : bool, optional
        Only those that are doubtful, or only those that are not.

    Raises
    ------
    ForensicsError
        If the case knows no such person, place or device, or a time cannot be read.
    """
    wanted = _pattern(text)
    everything = everything_said(view)
    tests = list(_tests(view, everything, person, place, device, since, until))
    found = []
    for said in everything:
        if doubtful is not None and bool(said.reasons) != doubtful:
            continue
        if not all(test(said) for test in tests):
            continue
        readings = [("heard", said.heard), ("vendor", said.vendor)]
        if wanted is not None:
            readings += [("alternative", other) for other in said.others]
        where = [name for name, reading in readings if reading and (wanted is None or wanted(reading))]
        if wanted is None or where:
            found.append(Hit(said, tuple(dict.fromkeys(where)), _second(said, text)))
    return found


def frame(view: View, hits: Iterable[Hit]) -> pd.DataFrame:
    """Hits as a table, masked as the view asks for.

    Parameters
    ----------
    view : View
        Decides whether words and names are shown.
    hits : iterable of Hit
        One row each, in this order.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`. ``started_at`` is UTC, ``doubtful`` says why. Texts stand there as ``…`` unless names
        are revealed.
    """
    import pandas as pd

    people, shown = _names_of(view), view.masker.revealed

    def words(text: str) -> str:
        return text if shown or not text else LEFT_OUT

    rows = [
        {
            "no": said.label,
            "started_at": said.started,
            "local_time": said.local_time,
            "device": view.device_text(said.device_id),
            "domain": said.domain,
            "people": [people[person] for person in said.people],
            "places": [
                place_label(view.words, known)
                for key in said.places
                if (known := place_by_id(key)) is not None
            ],
            "text": words(said.text),
            "vendor_text": words(said.vendor),
            "found_in": list(hit.found_in),
            "doubt": said.doubt,
            "doubtful": list(said.reasons),
            "at_s": hit.at_s,
            "utterance_id": said.utterance_id,
            "recording_id": said.recording_id,
            "data_subject_group": said.group,
        }
        for hit in hits
        for said in (hit.said,)
    ]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    found["started_at"] = pd.to_datetime(found["started_at"], utc=True)
    for column in ("doubt", "at_s"):
        found[column] = found[column].astype("float64")
    return found


COLUMNS = (
    "no", "started_at", "local_time", "device", "domain", "people", "places", "text", "vendor_text",
    "found_in", "doubt", "doubtful", "at_s", "utterance_id", "recording_id", "data_subject_group",
)  # fmt: skip


def _tests(
    view: View,
    everything: list[Said],
    person: str | None,
    place: str | int | None,
    device: str | None,
    since: When | None,
    until: When | None,
) -> Iterator[Callable[[Said], bool]]:
    if person is not None:
        persons = _persons(view, person)
        yield lambda said: not persons.isdisjoint(said.people)
    if place is not None:
        places = _place_ids(view, everything, place)
        yield lambda said: not places.isdisjoint(said.places)
    if device is not None:
        devices = _device_ids(view, device)
        yield lambda said: said.device_id in devices
    if since is not None:
        first = _moment(since, last=False)
        yield lambda said: said.started is not None and _comparable(said.started, first) >= first
    if until is not None:
        final = _moment(until, last=True)
        yield lambda said: said.started is not None and _comparable(said.started, final) <= final


# -- words -----------------------------------------------------------------------------------------


def _pattern(text: str) -> Callable[[str], bool] | None:
    """Whether a text says these words; None if there are none."""
    patterns = [_regex(words) for words in _tokens(text)]
    if not any(patterns):
        return None

    def says(reading: str) -> bool:
        return any(
            pattern is not None and pattern.search(" ".join(words))
            for pattern, words in zip(patterns, _tokens(reading), strict=True)
        )

    return says


def _regex(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(r"(?<!\w)" + " ".join(re.escape(word) + r"\w*" for word in words))


@cache
def _tokens(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a text in two spellings: without accents, and with German umlauts written out."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return tuple(tuple(re.findall(r"\w+", _bare(one))) for one in (plain, plain.translate(_GERMAN)))  # type: ignore[return-value]


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _same(one: str, other: str) -> bool:
    """Whether two names are the same in one of the spellings."""
    return any(words in _tokens(other) for words in _tokens(one) if words)


def _second(said: Said, text: str) -> float | None:
    """Where in the recording the words begin."""
    for spelling, looked_for in enumerate(_tokens(text)):
        timed = [(word, start) for raw, start, _ in said.words for word in _tokens(raw)[spelling]]
        for place in range(len(timed) - len(looked_for) + 1) if looked_for else ():
            here = timed[place : place + len(looked_for)]
            if all(word.startswith(wanted) for (word, _), wanted in zip(here, looked_for, strict=True)):
                return here[0][1]
    return None


# -- people, places, devices, times ----------------------------------------------------------------


def _names_of(view: View) -> dict[str, str]:
    """What each person is called here: the likeliest name, or a pseudonym."""
    return {
        row["person_id"]: view.masker.claim("first_name", row["name"], group=str(row["data_subject_group"]))
        for row in view.rows("persons")
    }


def _persons(view: View, wanted: str) -> set[str]:
    shown, found = _names_of(view), set()
    for row in view.rows("persons"):
        forms = (row["name"], *(form["value"] for form in row["forms"]))
        called = [part for form in forms for part in (form, *form.split())]
        pseudonym = view.masker.pseudonym_of(row["name"], group=str(row["data_subject_group"]))
        if (
            wanted == row["person_id"]
            or wanted.casefold() == pseudonym.casefold()
            or any(_same(wanted, name) for name in called)
        ):
            found.add(row["person_id"])
    if not found:
        raise _unknown("person", wanted, shown.values())
    return found


def _place_ids(view: View, everything: list[Said], wanted: str | int) -> set[int]:
    known = {key for said in everything for key in said.places}
    places = [place for key in known if (place := place_by_id(key)) is not None]
    found = {
        place.geonameid
        for place in places
        if str(wanted) == str(place.geonameid)
        or any(_same(str(wanted), name_in(language, place)) for language in ("en", "de"))
    }
    if not found:
        raise _unknown("place", str(wanted), (place_label(view.words, place) for place in places))
    return found


def _device_ids(view: View, wanted: str) -> set[str]:
    found = set()
    for row in view.rows("devices"):
        texts = (
            row["device_type"],
            row["room"],
            row["name"],
            row["serial"],
            view.device_text(row["device_id"]),
        )
        if wanted == row["device_id"] or any(wanted.casefold() in str(t).casefold() for t in texts if t):
            found.add(row["device_id"])
    if not found:
        raise _unknown("device", wanted, (view.device_text(row["device_id"]) for row in view.rows("devices")))
    return found


def _unknown(kind: str, wanted: str, known: Iterable[Any]) -> ForensicsError:
    names = sorted({str(name) for name in known if not str(name).startswith("[")})  # "[person]": no number
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    told = ", ".join(names[:_MOST_NAMED]) + more
    return ForensicsError(
        f"The utterances of this case know no {kind} '{wanted}'.",
        f"Known here: {told}." if names else f"There is no {kind} in the case.",
    )


def _moment(given: When, *, last: bool) -> datetime:
    """A bound as a time; a day is its first or last moment."""
    try:
        value = given if isinstance(given, date) else datetime.fromisoformat(given)
    except ValueError as error:
        raise ForensicsError(
            f"'{given}' is no time.", "Write ISO 8601: 2018-05-04, or 2018-05-04T18:00+02:00."
        ) from error
    whole_day = not isinstance(value, datetime) or (isinstance(given, str) and len(given.strip()) <= 10)
    if not whole_day:
        return value  # type: ignore[return-value]
    edge = datetime.max.time() if last else datetime.min.time()
    return datetime.combine(value, edge)


def _comparable(started: datetime, bound: datetime) -> datetime:
    """A time beside a bound without a zone: as the clock of the household showed it."""
    return started if bound.tzinfo is not None else started.replace(tzinfo=None)
