"""What a report reads from a case: rows, masked values, and the few figures that every section needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from forensics.case.incident import Incident
from forensics.case.masking import Masker, shortened
from forensics.case.rows import Row
from forensics.knowledge.vocabulary import vouched
from forensics.reports.disclosure import REPORT_K, Disclosure, limit
from forensics.reports.exhibit import Cells, Exhibit
from forensics.reports.inert import inert
from forensics.reports.letterhead import Letterhead
from forensics.reports.shown import claim_value, likeliest_place
from forensics.reports.words import Words

if TYPE_CHECKING:
    from forensics.case.case import Case

NOTIFY_WITHIN = timedelta(hours=72)  # Art. 33(1) GDPR
SPECIAL = ("health", "religion", "politics")


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
        self.letterhead = Letterhead()
        self.masker = masker
        self.words = words
        self.state = case.state
        self.incident: dict[str, str] = case.incident
        self.facts = Incident(self.incident)
        self._rows: dict[str, list[Row]] = {}
        self._keyed: dict[tuple[str, str], dict[str, Row]] = {}

    @classmethod
    def of_case(
        cls,
        case: Case,
        *,
        reveal: bool = False,
        purpose: str = "",
        language: str | None = None,
        report_k: int | None = None,
        letterhead: Letterhead | None = None,
    ) -> Self:
        """The view of a case, as its options say; revealing needs a purpose and is logged.

        Raises
        ------
        ConsentError
            If names are to be revealed without a purpose.
        """
        spoken = language or case.options.report_language
        masker = Masker.of_case(case, reveal=reveal, purpose=purpose, language=spoken)
        made = cls(case, masker, Words(spoken), case.options.report_k if report_k is None else report_k)
        made.letterhead = letterhead or Letterhead()
        return made

    def in_language(self, words: Words) -> View:
        """The same case for the same reader in another language."""
        other = View(self.case, self.masker, words, self.report_k)
        other.letterhead = self.letterhead
        return other

    def rows(self, table: str) -> list[Row]:
        """Rows of a table, none if it was not written yet."""
        if table not in self._rows:
            self._rows[table] = self.case.rows(table, missing_ok=True)
        return self._rows[table]

    def by_recording(self, table: str) -> dict[str, Row]:
        """Rows of a table by recording."""
        return self._by(table, "recording_id")

    def by_utterance(self, table: str) -> dict[str, Row]:
        """Rows of a table by utterance."""
        return self._by(table, "utterance_id")

    def _by(self, table: str, key: str) -> dict[str, Row]:
        if (table, key) not in self._keyed:
            self._keyed[table, key] = {row[key]: row for row in self.rows(table) if row[key]}
        return self._keyed[table, key]

    def claim_text(self, claim: Row) -> str:
        """A claim's value, masked and inert."""
        if claim["claim_id"] in self.withheld:
            return self._generalised(claim)
        if claim["attribute"] == "language":
            return self.words.language_name(claim["kind"] or claim["value"])
        if claim["attribute"] == "accidental_recording":
            return ", ".join(self.label(u) for u in claim["utterance_ids"])
        return claim_value(self, claim)

    def started(self, utterance: Row) -> datetime | None:
        """When an utterance began, in the zone that the export gave the time in, else in UTC."""
        at: datetime | None = utterance["started_at"]
        offset = utterance.get("utc_offset_min")
        if at is None or offset is None:
            return at
        return at.astimezone(timezone(timedelta(minutes=int(offset))))

    def letter(self, group: str) -> str:
        """A data subject's letter: A is the one with most recordings."""
        place = self.groups.index(group) if group in self.groups else len(self.groups)
        return chr(ord("A") + place) if place < 26 else str(place + 1)

    def device_of(self, utterance_id: str | None) -> str:
        """What an utterance was said to: see :meth:`device_text`."""
        row = self.by_utterance("utterances").get(utterance_id or "", {})
        return self.device_text(row.get("device_id"))

    def device_text(self, device_id: str | None) -> str:
        """A device: its type as far as known, and which of them it is.

        That is its shortened serial number, else its number among the devices of the case. What the household
        calls it is shown only where names are revealed. Where more than one data subject spoke, whose it is,
        so that no figure adds up devices of two.
        """
        row = self._devices.get(device_id or "")
        if row is None:
            return self.words("device.unknown")
        name = self._device(row)
        if len(self._recorded) < 2:
            return name
        return self.words("device.of", device=name, letter=self.letter(str(row["data_subject_group"])))

    def device_kind(self, device_id: str | None) -> str:
        """The type of a device in the reader's language."""
        kind = self._devices.get(device_id or "", {}).get("device_type")
        return self.words.value(inert(kind)) if kind and vouched(kind) else self.words("device.unknown")

    @cached_property
    def _recorded(self) -> frozenset[str]:
        """Data subjects of whom there are utterances."""
        return frozenset(str(row["data_subject_group"]) for row in self.rows("utterances"))

    def _device(self, row: Row) -> str:
        kind = row["device_type"]
        own = shortened(row["serial"]) if row["serial"] else ""
        if self.masker.revealed and row["name"]:
            own = ", ".join(filter(None, (row["name"], own)))
        if not own and (not kind or not vouched(kind)):
            own = self.words(
                "device.numbered", n=self.words.number(list(self._devices).index(row["device_id"]) + 1)
            )
        named = self.words.value(inert(kind)) if kind and vouched(kind) else ""
        shown = [part for part in (named, inert(own)) if part]
        return f"{shown[0]} ({shown[1]})" if len(shown) == 2 else (shown or [self.words("device.unknown")])[0]

    def label(self, utterance_id: str | None) -> str:
        """What an utterance is called in a report: ``U7``."""
        number = self.numbers.get(utterance_id or "")
        return f"U{number}" if number else "–"

    @cached_property
    def _devices(self) -> dict[str, Row]:
        return {row["device_id"]: row for row in self.rows("devices")}

    @cached_property
    def utterance_of(self) -> dict[str, str]:
        """The utterance that each recording holds."""
        return {u["recording_id"]: u["utterance_id"] for u in self.rows("utterances") if u["recording_id"]}

    def bits_text(self, exposure: Row, end: str = "mid") -> str:
        """A claim's bits, whole where its base rate is not shown."""
        return self.words.number(exposure[f"bits_{end}"], 1 if exposure["base_rate_mid"] is not None else 0)

    def _generalised(self, claim: Row) -> str:
        """A withheld value: of a place, its country is left, which the population says anyway."""
        from forensics.knowledge.gazetteer import place_by_id

        meant = likeliest_place(claim)
        place = place_by_id(meant) if meant is not None and claim["attribute"].endswith("_place") else None
        country = self.words.country(place.country) if place is not None else ""
        return self.words("withheld.place", country=country) if country else self.words("withheld")

    def words_of(self, text: str | None) -> str:
        """Our own words, inert. Nothing that came out of a bundle goes through here."""
        return self.words("unknown") if not text else inert(self.masker.text(text))

    @cached_property
    def disclosures(self) -> list[Disclosure]:
        """What the report shows of each data subject, and what it withholds; none if names are revealed."""
        if self.masker.revealed:
            return []
        options, found = self.case.options, []
        for group in self.groups:
            own = [c for c in self.claims if c["data_subject_group"] == group]
            visible = [c for c in own if _is_shown(self, c)]
            chosen = {"wanted": self.report_k, "seed": options.seed, "draws": options.draws}
            found.append(limit(group, visible, options.population, **chosen))
        return found

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Claims whose value would make the report itself identifying, and those that say the same elsewhere.

        A place that is withheld as the goal of a commute does not come back as some other place.
        """
        hidden = {claim for one in self.disclosures for claim in one.withheld}
        places = {
            (c["data_subject_group"], likeliest_place(c)) for c in self.claims if c["claim_id"] in hidden
        }
        same = {
            c["claim_id"]
            for c in self.claims
            if c["places"] and (c["data_subject_group"], likeliest_place(c)) in places
        }
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
        """Utterances counted from 1 in the order in which they were said, those without a time last."""
        ordered = sorted(
            self.rows("utterances"),
            key=lambda u: (u["started_at"] is None, str(u["started_at"] or ""), u["utterance_id"]),
        )
        return {u["utterance_id"]: n for n, u in enumerate(ordered, start=1)}

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


def _is_shown(view: View, claim: Row) -> bool:
    return view.masker.shows(claim["attribute"], str(claim["value"]), bool(claim["places"]))


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
