"""What a reviewer may choose for a row: a role, a place, who is the same person, whose voice it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from forensics.case.kinds import CLAIMED_ROLES, ROLES, SPEAKERS
from forensics.case.rows import Row
from forensics.knowledge.gazetteer import place_by_id
from forensics.reports.inert import inert
from forensics.reports.shown import place_label
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.review import Verdict

_PLACE = "{place} ({country}, {p})"


@dataclass(frozen=True)
class Choice:
    """One list of values to choose from.

    Parameters
    ----------
    name : str
        Of the words that label it.
    table, row_id : str
        What is decided on.
    verdict : str
        With which verdict.
    column : str or None
        The cell that is corrected, for ``correct``.
    options : tuple of (str, str)
        Values, and how they are shown.
    current : str
        The value that stands, or empty.
    """

    name: str
    table: str
    row_id: str
    verdict: Verdict
    column: str | None
    options: tuple[tuple[str, str], ...]
    current: str = ""

    def told(self, view: View) -> dict[str, Any]:
        """As the page gets it."""
        return {**asdict(self), "label": view.words(f"widget.choose.{self.name}")}


def choices(view: View, table: str, row: Row) -> list[Choice]:
    """The choices that a row offers.

    Parameters
    ----------
    view : View
        Decides whether names are shown among the choices.
    table : str
        A key of :data:`forensics.reports.review_items.ITEMS`.
    row : dict
        One of its rows, decided on or not.
    """
    if table == "transcripts":
        return _speaker(view, row)
    if table == "persons":
        return [_role(view, row), *_same(view, row), *_parts(view, row)]
    return [*_places(view, table, row), *_whose(view, table, row)]


def _speaker(view: View, row: Row) -> list[Choice]:
    utterance = view.utterance_of.get(row["recording_id"])
    if utterance is None:
        return []
    marks = {d.row_id: d.value for d in view.case.review.decisions("utterances") if d.verdict == "mark"}
    options = tuple((who, view.words.name("widget.speaker", who)) for who in SPEAKERS)
    current = marks.get(utterance) or "household"
    return [Choice("speaker", "utterances", utterance, "mark", None, options, current)]


def _role(view: View, row: Row) -> Choice:
    best = max(row["roles"], key=lambda r: r["probability"], default={"value": ""})
    options = tuple((role, view.words.name("role", role)) for role in ROLES)
    return Choice("role", "persons", row["person_id"], "correct", "roles", options, best["value"])


def _same(view: View, row: Row) -> list[Choice]:
    """Everybody else of the same data subject's recordings: nobody is one person with the other's."""
    group = row["data_subject_group"]
    others = [p for p in view.rows("persons") if p["data_subject_group"] == group and p is not row]
    named = [(p["person_id"], person_text(view, p)) for p in others if p["person_id"] != row["person_id"]]
    options = tuple(sorted(named, key=lambda one: one[1].casefold()))
    return [Choice("merge", "persons", row["person_id"], "merge", None, options)] if options else []


def _parts(view: View, row: Row) -> list[Choice]:
    """Forms of the name that may be another's, and those who were merged by hand."""
    group = str(row["data_subject_group"])
    standing: dict[str, None] = {}
    for made in view.case.review.decisions("persons"):
        if made.row_id == row["person_id"] and made.value:
            if made.verdict == "merge":
                standing[made.value] = None
            elif made.verdict == "split":
                standing.pop(made.value, None)
    options = [(other, view.words("widget.merged_before")) for other in standing]
    if len(row["forms"]) > 1:
        options += [
            (form["value"], inert(view.masker.mention("PERSON", form["value"], group=group)))
            for form in row["forms"]
        ]
    return [Choice("split", "persons", row["person_id"], "split", None, tuple(options))] if options else []


def _places(view: View, table: str, row: Row) -> list[Choice]:
    options = []
    for one in sorted(row["places"] or (), key=lambda p: -p["probability"]):
        if (place := place_by_id(one["place_id"])) is not None:
            words = {"place": place_label(view.words, place), "country": view.words.country(place.country)}
            text = _PLACE.format(**words, p=view.words.percent(one["probability"]))
            options.append((str(one["place_id"]), f"{text} #{one['place_id']}"))
    if not options:
        return []
    row_id = row["claim_id" if table == "claims" else "mention_id"]
    return [Choice("place", table, row_id, "correct", "places", tuple(options), options[0][0])]


def _whose(view: View, table: str, row: Row) -> list[Choice]:
    """Whose a statement is; of a person that is decided on the person."""
    if table != "claims" or row["person_id"]:
        return []
    options = tuple((role, view.words.name("role", role)) for role in CLAIMED_ROLES)
    current = row["subject_role"]
    return [Choice("whose", "claims", row["claim_id"], "correct", "subject_role", options, current)]


def person_text(view: View, row: Row) -> str:
    """What a person is called in a list: the name or the pseudonym, and the likeliest role."""
    name = view.masker.mention("PERSON", row["name"], group=str(row["data_subject_group"]))
    best = max(row["roles"], key=lambda r: r["probability"], default=None)
    if best is None:
        return inert(name)
    return f"{inert(name)} · {view.words.name('role', best['value'])} {share(best['probability'])}"


def share(p: float) -> str:
    """A probability in a list: a thousand of them through the locale's rules would take a second."""
    return f"{p:.0%}".replace("%", "\u00a0%")
