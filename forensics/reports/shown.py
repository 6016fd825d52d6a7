"""What a masked output may show: values of known vocabularies, and nothing else that came out of a bundle.

Masking is by permission. A value is shown if it is a number, a time, an id, an entry of an enumeration, a
word of one of our own lists, or a place by its gazetteer id. Everything else that the tables hold as text is
left out or stands under a pseudonym, whatever it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from forensics.knowledge.findings import in_general
from forensics.knowledge.gazetteer import Place, place_by_id
from forensics.knowledge.place_names import name_in
from forensics.knowledge.vocabulary import masked_path, vouched
from forensics.reports.inert import inert

if TYPE_CHECKING:
    import pandas as pd

    from forensics.case.case import Case
    from forensics.case.masking import Masker
    from forensics.case.rows import Row
    from forensics.reports.words import Words


class Reader(Protocol):
    """Whoever looks at a case: a :class:`forensics.reports.view.View`."""

    case: Case
    masker: Masker
    words: Words
    state: dict[str, Any]

    def rows(self, table: str) -> list[Row]:
        """Rows of a table."""

    def claim_text(self, claim: Row) -> str:
        """A claim's value as this reader may see it."""


LEFT_OUT = "…"
"""Stands for a text that is not shown."""
_PLACES = frozenset({"home_place", "work_place", "other_place"})
_OF_OUR_LISTS = frozenset({"relation", "device", "routine_wake", "routine_commute", "child"})
"""Attributes whose values are in part words of our own lists."""
_WORKDAYS, _WEEKEND, _EVERY_DAY = [0, 1, 2, 3, 4], [5, 6], [0, 1, 2, 3, 4, 5, 6]


def claim_value(view: Reader, claim: Row) -> str:
    """A claim's value from its typed columns; a pseudonym where there is nothing that may be shown.

    Parameters
    ----------
    view : View
        Decides the language, and whether names are revealed.
    claim : dict
        A row of ``claims``.
    """
    attribute, group = claim["attribute"], str(claim["data_subject_group"])
    if view.masker.revealed:
        own = str(claim["value"])
        if attribute in _PLACES and view.words.language != "en":
            own = place_name(view.words, claim) or own
        return inert(view.words.value(own) if attribute in _OF_OUR_LISTS else own)
    if attribute in _PLACES:
        shown = place_name(view.words, claim)
    elif attribute == "routine_wake":
        shown = _routine(view, claim)
    elif attribute == "routine_commute":
        part = view.words.value(str(claim["kind"])) if claim["kind"] else ""
        shown = ", ".join(filter(None, (place_name(view.words, claim), _routine(view, claim), part)))
    elif attribute == "absence":
        days = claim["first_day"], claim["last_day"]
        shown = view.words.days(*days) if None not in days else ""
    else:
        return inert(view.words.value(view.masker.claim(attribute, str(claim["value"]), group=group)))
    return shown or inert(view.masker.pseudonym_for(attribute, str(claim["value"]), group=group))


def likeliest_place(claim: Row) -> int | None:
    """The id of the place that a claim most probably means."""
    best = max(claim["places"], key=lambda p: (p["probability"], -p["place_id"]), default=None)
    return None if best is None else int(best["place_id"])


def place_name(words: Words, claim: Row) -> str:
    """What the place that a claim most probably means is called; empty if it has no name."""
    meant = likeliest_place(claim)
    place = place_by_id(meant) if meant is not None else None
    return "" if place is None else place_label(words, place)


def place_label(words: Words, place: Place) -> str:
    """What a place is called in the report's language: "Munich" is "München" in German."""
    if place.kind == "country":
        return words.country(place.country) or place.name
    return name_in(words.language, place)


def path(view: Reader, text: str | None, member_id: str | None = None) -> str:
    """A path of a bundle: technical words and numbers only, and the member's id where something is left out.

    Parameters
    ----------
    view : View
        Decides whether names are shown.
    text : str or None
        The path as the bundle has it.
    member_id : str, optional
        By which the member is found in the table ``members``.
    """
    if not text:
        return view.words("unknown")
    if view.masker.revealed:
        return inert(text)
    known = masked_path(text)
    return inert(f"{known} [{member_id}]" if LEFT_OUT in known and member_id else known)


def bundle(view: Reader, number: int) -> str:
    """What a bundle is called: by its number, since people name archives after people.

    Parameters
    ----------
    view : View
    number : int
        Counted from 0, in the order in which the case took bundles in.
    """
    name = str(view.state["bundles"][number]["name"])
    if view.masker.revealed:
        return inert(name)
    known = masked_path(name).replace(f"{LEFT_OUT}.", ".")
    return view.words("bundle.numbered", n=view.words.number(number + 1), name=known)


def frame(view: Reader, table: str) -> pd.DataFrame:
    """A table as a data frame without anything that may not be shown.

    Parameters
    ----------
    view : View
    table : str
        A name of :data:`forensics.case.schemas.TABLES`.

    Returns
    -------
    pandas.DataFrame
        All columns. Text that may not be shown is replaced by a pseudonym or by ``…``, lists of it are empty;
        what is missing stays missing.
    """
    from forensics.case.schemas import TABLES

    found = view.case.frame(table)
    rows = view.rows(table)
    for column in TABLES[table].all_columns:
        if not column.shown_masked and column.name in found:
            found[column.name] = [cell(view, table, row, column.name) for row in rows]
    return found


def cell(view: Reader, table: str, row: Row, column: str) -> Any:
    """One value of a table as it may be shown.

    Parameters
    ----------
    view : View
    table, column : str
        Where it stands; the column is one whose values are not all of known vocabularies.
    row : dict
        The row that holds it.

    Returns
    -------
    str, list or None
        None where nothing stands there.
    """
    value = row[column]
    if value is None or view.masker.revealed:
        return value
    if isinstance(value, list):
        return []
    if (table, column) == ("claims", "value"):
        return view.claim_text(row)
    if table == "mentions" and column in ("surface", "normalised"):
        return view.masker.mention(row["label"], str(value), group=str(row["data_subject_group"]))
    if (table, column) in (("members", "path"), ("findings", "member"), ("members", "bundle")):
        return masked_path(str(value))
    if (table, column) in (("devices", "device_type"), ("devices", "room")):
        return value if vouched(str(value)) else LEFT_OUT
    return LEFT_OUT


def finding(view: Reader, row: Row) -> tuple[str, str]:
    """What a finding says and what to do: in English its own words where names are shown, else its code's."""
    if view.masker.revealed and view.words.language == "en":
        return inert(row["message"]), inert(row["remedy"])
    return in_general(row["code"], view.words.language)


def _routine(view: Reader, claim: Row) -> str:
    """``06:20 workdays`` from minutes and weekdays."""
    minutes, days = claim["clock_min"], claim["weekdays"]
    clock = "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"
    if days == _EVERY_DAY:
        named = view.words.value("every day")
    elif days == _WORKDAYS:
        named = view.words.value("workdays")
    elif days == _WEEKEND:
        named = view.words.value("weekend")
    else:
        named = view.words.all_of(view.words(f"weekday.{day}") for day in days) if days else ""
    return " ".join(filter(None, (clock, named)))
