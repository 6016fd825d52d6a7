"""What a report reads from a case: rows, masked values, and the few figures that every section needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any

from forensics.case.incident import Incident
from forensics.case.masking import Masker
from forensics.case.rows import rows_of
from forensics.knowledge.vocabulary import vouched
from forensics.reports.disclosure import REPORT_K, Disclosure, limit
from forensics.reports.exhibit import Cell, Cells, Exhibit
from forensics.reports.inert import inert
from forensics.reports.words import Words

if TYPE_CHECKING:
    from forensics.case.case import Case

Row = dict[str, Any]
NOTIFY_WITHIN = timedelta(hours=72)  # Art. 33(1) GDPR
SPECIAL = ("health", "religion", "politics")
_OF_OUR_LISTS = frozenset(("device", "relation", "routine_wake", "routine_commute"))


class View:
    """One case, as one reader may see it.

    Parameters
    ----------
    case : Case
    masker : Masker
    words : Words
    report_k : int
        People whom everything that the report shows of somebody must fit at least; 0 withholds nothing.
    """

    def __init__(self, case: Case, masker: Masker, words: Words, report_k: int = REPORT_K) -> None:
        self.case = case
        self.report_k = report_k
        self.snippets = False
        self.masker = masker
        self.words = words
        self.state = case.state
        self.incident: dict[str, str] = case.incident
        self.facts = Incident(self.incident)
        self._rows: dict[str, list[Row]] = {}
        self._by_recording: dict[str, dict[str, Row]] = {}

    @classmethod
    def of_case(
        cls,
        case: Case,
        *,
        reveal: bool = False,
        purpose: str = "",
        language: str | None = None,
        report_k: int | None = None,
    ) -> View:
        """The view of a case, as its options say; revealing needs a purpose and is logged.

        Raises
        ------
        ConsentError
            If names are to be revealed without a purpose.
        """
        spoken = language or case.options.report_language
        masker = Masker.of_case(case, reveal=reveal, purpose=purpose, language=spoken)
        return cls(case, masker, Words(spoken), case.options.report_k if report_k is None else report_k)

    def rows(self, table: str) -> list[Row]:
        """Rows of a table, none if it was not written yet."""
        if table not in self._rows:
            self._rows[table] = rows_of(self.case, table)
        return self._rows[table]

    def by_recording(self, table: str) -> dict[str, Row]:
        """Rows of a table by recording."""
        if table not in self._by_recording:
            found = {row["recording_id"]: row for row in self.rows(table) if row["recording_id"]}
            self._by_recording[table] = found
        return self._by_recording[table]

    def claim_text(self, claim: Row) -> str:
        """A claim's value, masked and inert."""
        group = str(claim["data_subject_group"])
        if claim["claim_id"] in self.withheld:
            return self._generalised(claim)
        if claim["attribute"] == "language":
            return self.words.language_name(claim["value"])
        if claim["attribute"] == "accidental_recording" and claim["value"] in self.numbers:
            return f"R{self.numbers[claim['value']]}"
        shown = self.masker.claim(claim["attribute"], claim["value"], group=group)
        return inert(self.words.value(shown) if claim["attribute"] in _OF_OUR_LISTS else shown)

    def started(self, recording: Row) -> datetime | None:
        """When a recording began, in the zone that the export gave the time in, else in UTC."""
        at: datetime | None = recording["started_at"]
        offset = recording.get("utc_offset_min")
        if at is None or offset is None:
            return at
        return at.astimezone(timezone(timedelta(minutes=int(offset))))

    def device_of(self, recording_id: str | None) -> str:
        """What made a recording: its type as far as known, and its serial number shortened.

        Where more than one data subject was recorded, whose it is, so that no figure adds up devices of two.
        """
        row = self._recordings.get(recording_id or "", {})
        name = self._device(row)
        if len(self._recorded) < 2 or not row:
            return name
        return self.words("device.of", device=name, letter=self.letter(str(row["data_subject_group"])))

    def letter(self, group: str) -> str:
        """A data subject's letter: A is the one with most recordings."""
        place = self.groups.index(group) if group in self.groups else len(self.groups)
        return chr(ord("A") + place) if place < 26 else str(place + 1)

    @cached_property
    def _recorded(self) -> frozenset[str]:
        """Data subjects of whom there are recordings."""
        return frozenset(str(row["data_subject_group"]) for row in self.rows("recordings"))

    def _device(self, row: Row) -> str:
        kind, serial = row.get("device_type"), row.get("device")
        parts = [inert(kind) if kind and vouched(kind) else "", self.words_of(serial) if serial else ""]
        shown = [part for part in parts if part]
        return f"{shown[0]} ({shown[1]})" if len(shown) == 2 else (shown or [self.words("device.unknown")])[0]

    @cached_property
    def _recordings(self) -> dict[str, Row]:
        return {row["recording_id"]: row for row in self.rows("recordings")}

    def bits_text(self, exposure: Row, end: str = "mid") -> str:
        """A claim's bits, whole where its base rate is not shown."""
        return self.words.number(exposure[f"bits_{end}"], 1 if exposure["base_rate_mid"] is not None else 0)

    def _generalised(self, claim: Row) -> str:
        """A withheld value: of a place, its country is left, which the population says anyway."""
        from forensics.knowledge.gazetteer import find

        place = find(claim["value"]) if claim["attribute"].endswith("_place") else None
        country = self.words.country(place.country) if place is not None else ""
        return self.words("withheld.place", country=country) if country else self.words("withheld")

    def words_of(self, text: str | None) -> str:
        """Our own words, or vocabulary of the export, masked and inert."""
        return self.words("unknown") if not text else inert(self.masker.text(text))

    @cached_property
    def disclosures(self) -> list[Disclosure]:
        """What the report shows of each data subject, and what it withholds; none if names are revealed."""
        if self.masker.revealed:
            return []
        options, found = self.case.options, []
        for group in self.groups:
            own = [c for c in self.claims if c["data_subject_group"] == group]
            visible = [c for c in own if self.masker.shows(c["attribute"], c["value"])]
            chosen = {"wanted": self.report_k, "seed": options.seed, "draws": options.draws}
            found.append(limit(group, visible, options.population, **chosen))
        return found

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Claims whose value would make the report itself identifying, and those that say the same elsewhere.

        A place that is withheld as the goal of a commute does not come back as some other place.
        """
        hidden = {claim for one in self.disclosures for claim in one.withheld}
        parts = {
            (c["data_subject_group"], part)
            for c in self.claims
            if c["claim_id"] in hidden
            for part in c["value"].split(", ")
        }
        same = {c["claim_id"] for c in self.claims if (c["data_subject_group"], c["value"]) in parts}
        return frozenset(hidden | same)

    @cached_property
    def exposure(self) -> list[Row]:
        """What each claim is worth, as it may be shown.

        A base rate tells a value: a town by its number of inhabitants, a name by its rank. Of claims whose
        value is not shown it is left out, and their bits are whole numbers.
        """
        if self.masker.revealed:
            return self.rows("exposure")
        shown = {claim for one in self.disclosures for claim in one.shown} - self.withheld
        ends = ("lo", "mid", "hi")
        found = []
        for row in self.rows("exposure"):
            if row["claim_id"] not in shown:
                blurred = {f"bits_{end}": float(round(row[f"bits_{end}"])) for end in ends}
                row = {**row, **blurred, **{f"base_rate_{end}": None for end in ends}}
                if row["claim_id"] in self.withheld:
                    row["source"] = self.words("withheld")
            found.append(row)
        return found

    @cached_property
    def claims(self) -> list[Row]:
        """Claims, those of the recorded household first, the surest first."""
        order = {name: n for n, name in enumerate(self.groups)}
        return sorted(
            self.rows("claims"),
            key=lambda c: (
                order.get(c["data_subject_group"], len(order)),
                -c["p_true"],
                -c["n_support"],
                c["claim_id"],
            ),
        )

    @cached_property
    def claim_numbers(self) -> dict[str, int]:
        """Claims counted from 1 in the order in which a report lists them."""
        return {c["claim_id"]: n for n, c in enumerate(self.claims, start=1)}

    @cached_property
    def focus_claims(self) -> list[Row]:
        """Claims about the data subject whom the report is mostly about."""
        return [c for c in self.claims if c["data_subject_group"] == self.focus]

    @cached_property
    def groups(self) -> list[str]:
        """Data subjects, those with most recordings first."""
        ordered = sorted(self.rows("groups"), key=lambda g: (-g["n_recordings"], g["data_subject_group"]))
        return [str(g["data_subject_group"]) for g in ordered]

    @cached_property
    def focus(self) -> str | None:
        """Whom the summary speaks of: the data subject with most recordings.

        A bundle may hold the recipient's own files beside somebody else's recordings; what was disclosed to
        the recipient is the recordings.
        """
        return self.groups[0] if self.groups else None

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Recordings counted from 1 in the order in which they were made, those without a time last."""
        ordered = sorted(
            self.rows("recordings"),
            key=lambda r: (r["started_at"] is None, str(r["started_at"] or ""), r["recording_id"]),
        )
        return {r["recording_id"]: n for n, r in enumerate(ordered, start=1)}

    @cached_property
    def headline(self) -> Row | None:
        """The risk row that the summary speaks of.

        The listener without a register, since that is what ENISA's ease of identification asks; of the
        scopes the one with the higher upper bound. An acquaintance is told apart: K says nothing there.
        """
        rows = [
            r
            for r in self.rows("risk")
            if r["data_subject_group"] == self.focus and r["adversary"] != "acquaintance"
        ]
        heard = [r for r in rows if r["attacker"] == "listener"] or rows
        open_web = [r for r in heard if r["adversary"] == "stranger"] or heard
        return max(open_web, key=lambda r: (r["p_identify_hi"], r["risk_id"]), default=None)

    @cached_property
    def severity(self) -> Row | None:
        """The assessment that the summary speaks of."""
        own = [s for s in self.rows("severity") if s["data_subject_group"] == self.focus]
        return max(own, key=lambda s: (s["se_hi"], s["assessment_id"]), default=None)

    @cached_property
    def aware_at(self) -> datetime | None:
        """When the controller became aware, if that was recorded."""
        text = self.incident.get("aware_at")
        try:
            at = datetime.fromisoformat(text) if text else None
        except ValueError:
            return None
        return at if at is not None and at.tzinfo is not None else None

    @cached_property
    def notify_by(self) -> datetime | None:
        """72 hours after awareness, or None while that is unknown."""
        return None if self.aware_at is None else self.aware_at + NOTIFY_WITHIN

    @property
    def clock_sentence(self) -> str:
        """When the 72 hours end, or that nobody knows."""
        if self.notify_by is None:
            return self.words("notify.unknown")
        times = {"aware": self.words.time(self.aware_at), "by": self.words.time(self.notify_by)}
        return self.words("notify.known", **times)

    @cached_property
    def evidence_head(self) -> str:
        """Head of the custody chain as of the last act that touched evidence, tables or decisions.

        Acts that only wrote or showed a report are passed over, so that the same case gives the same report.
        """
        kept = [a for a in self.case.custody.acts() if a.get("act") not in REPORTING_ACTS]
        return str(kept[-1]["hash"]) if kept else ""

    @cached_property
    def as_of(self) -> datetime | None:
        """When the case last changed: the time of that act."""
        kept = [a for a in self.case.custody.acts() if a.get("act") not in REPORTING_ACTS]
        return datetime.fromisoformat(kept[-1]["at"]) if kept else None


def foreign(view: View, text: str | None) -> Cell:
    """Words that the tables hold in English, marked as such in a report of another language."""
    return Cell(view.words_of(text), english=view.words.language != "en")


REPORTING_ACTS = frozenset({"names revealed", "report written"})


def exhibit(
    view: View,
    name: str,
    columns: Iterable[str],
    rows: Cells,
    *,
    sentence: str = "",
    **values: Any,
) -> Exhibit:
    """A table whose title, sentence and heads are found under its name.

    Parameters
    ----------
    view : View
    name : str
    columns : iterable of str
    rows : list of tuple
    sentence : str
        Name of another sentence.
    **values
        What the sentence tells.
    """
    w = view.words
    heads = tuple(w(f"{name}.column.{c}") for c in columns)
    return Exhibit(name, w(f"{name}.title"), w(sentence or f"{name}.sentence", **values), heads, rows)
