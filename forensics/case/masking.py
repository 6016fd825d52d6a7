"""Names stay masked unless somebody says why they must be seen.

A name, number or address becomes a pseudonym that is the same wherever it turns up in the case
("contact 3"). Free text, such as a transcript, is never shown masked: a name may have been missed in it.
Revealing needs a purpose, which goes into the custody log.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forensics.case.rows import records
from forensics.errors import ConsentError
from forensics.knowledge.vocabulary import everyday, vouched
from forensics.knowledge.wake_words import WORDS as WAKE_WORDS

if TYPE_CHECKING:
    import pandas as pd

    from forensics.case.case import Case

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "person": "person", "child": "child", "contact": "contact", "visitor": "visitor", "pet": "pet",
        "employer": "employer", "interest": "interest", "title": "title", "topic": "topic", "place": "place",
        "phone": "phone number", "email": "e-mail address", "address": "address", "id": "identifier",
        "device": "device", "service": "service", "relation": "relation", "habit": "habit",
        "masked": "masked",
    },
    "de": {
        "person": "Person", "child": "Kind", "contact": "Kontakt", "visitor": "Besuch", "pet": "Haustier",
        "employer": "Arbeitgeber", "interest": "Interesse", "title": "Titel", "topic": "Thema",
        "place": "Ort", "phone": "Telefonnummer", "email": "E-Mail-Adresse", "address": "Anschrift",
        "id": "Kennung", "device": "Gerät", "service": "Dienst", "relation": "Beziehung",
        "habit": "Gewohnheit", "masked": "maskiert",
    },
}  # fmt: skip
"""What pseudonyms are made of, by language."""

_NAMES = frozenset({"first_name", "surname", "contact", "child"})
_HIDDEN = {  # claims whose value is a piece of what somebody said, or singles a person out
    "pet": "pet", "employer": "employer", "interest": "interest", "media_taste": "title", "health": "topic",
    "religion": "topic", "politics": "topic", "phone": "phone", "email": "email", "address": "address",
}  # fmt: skip
_VOUCHED = {  # claims whose value is shown if it is made of known words only
    "device": "device", "service": "service", "relation": "relation", "home_place": "place",
    "work_place": "place", "other_place": "place", "routine_wake": "habit", "routine_commute": "habit",
    "absence": "habit",
    "command_chain": "habit", "language": "id", "dialect": "id", "accidental_recording": "id",
}  # fmt: skip
_LABELS = {"PERSON": "person", "PHONE": "phone", "EMAIL": "email", "ADDRESS": "address", "ID": "id"}
_ROLES = {"child": "child", "contact": "contact", "visitor": "visitor"}
_COUNTS = re.compile(r"(?:\d{1,2}|one|two|three|four|five|eins?|zwei|drei|vier|fünf)(?: .*)?", re.IGNORECASE)
_NAME_PARTS = 4  # assumption: a longer "name" is a misheard sentence, whose words are not names
_EMAIL = re.compile(r"[^\s@<>\"',;]+@[^\s@<>\"',;]+\.\w+")
_PHONE = re.compile(r"(?<![\w.:/-])(?:(?:\+\d|0)(?:[ ()/-]?\d){6,}|\(?\d{3}\)?[ -]\d{3}[ -]\d{4})(?![\w:])")
_SERIAL = re.compile(r"\b(?=[A-Z0-9]*\d)[A-Z0-9]{10,}\b")


@dataclass(frozen=True)
class Pseudonym:
    """What stands for a name.

    Parameters
    ----------
    kind : str
        A key of :data:`WORDS`.
    number : int
        Counted from 1 within the kind.
    """

    kind: str
    number: int

    def in_words(self, language: str) -> str:
        """E.g. ``contact 3``."""
        return f"{WORDS[language][self.kind]} {self.number}"


class Masker:
    """Replaces what names people by pseudonyms.

    Parameters
    ----------
    pseudonyms : mapping
        From (data subject group, kind, folded value) to pseudonym. The group is part of the key: the same
        name in two groups is not the same person.
    revealed : bool
        Names are shown: every method gives its text back as it came.
    language : {'en', 'de'}
        In which pseudonyms are written: "contact 3", "Kontakt 3".
    """

    def __init__(
        self,
        pseudonyms: Mapping[tuple[str, str, str], Pseudonym],
        *,
        revealed: bool = False,
        language: str = "en",
    ) -> None:
        self._pseudonyms = dict(pseudonyms)
        self.revealed = revealed
        self.language = language
        named = sorted(
            {name for _, kind, name in pseudonyms if kind == "name" and not _no_name(name)},
            key=lambda name: (-len(name), name),
        )
        body = "|".join(re.escape(name) for name in named if len(name) > 2)
        self._known = re.compile(rf"(?<!\w)(?:{body})(?:s|'s|’s)?(?!\w)", re.IGNORECASE) if body else None

    @classmethod
    def of_case(cls, case: Case, *, reveal: bool = False, purpose: str = "", language: str = "en") -> Masker:
        """The masker of a case.

        Parameters
        ----------
        case : Case
            Its claims, mentions and groups say what names people.
        reveal : bool
            Show names; needs a purpose.
        purpose : str
            Why names must be seen; recorded in the custody log.
        language : {'en', 'de'}
            In which pseudonyms are written.

        Raises
        ------
        ConsentError
            If names are to be revealed without a purpose.
        """
        if reveal:
            require_purpose(purpose)
            case.custody.append("names revealed", purpose=purpose.strip())
        frames = {name: case.frame(name) for name in ("claims", "mentions") if case.has_table(name)}
        return cls.of_tables(frames, revealed=reveal, language=language)

    @classmethod
    def of_tables(
        cls, tables: Mapping[str, pd.DataFrame], *, revealed: bool = False, language: str = "en"
    ) -> Masker:
        """A masker for what stands in the tables ``claims`` and ``mentions``, as far as given."""
        numbering = _Numbering()
        if "claims" in tables:
            ordered = tables["claims"].sort_values(
                ["p_true", "n_support", "claim_id"], ascending=[False, False, True]
            )
            numbering.add_claims(records(ordered))
        if "mentions" in tables:
            numbering.add_mentions(records(tables["mentions"]))
        return cls(numbering.pseudonyms, revealed=revealed, language=language)

    def claim(self, attribute: str, value: str, *, group: str) -> str:
        """The value of a claim as it may be shown."""
        if self.revealed:
            return value
        if attribute in _NAMES:
            if attribute == "child" and _COUNTS.fullmatch(value.strip()):
                return value
            return self._pseudonym(group, "name", value, "person")
        if attribute in _HIDDEN:
            return self._pseudonym(group, _HIDDEN[attribute], value, _HIDDEN[attribute])
        shown = self.text(value)
        return shown if vouched(shown) else self.pseudonym_for(attribute, value, group=group)

    def pseudonym_for(self, attribute: str, value: str, *, group: str) -> str:
        """The pseudonym of a claim whose value cannot be shown."""
        kind = _VOUCHED[attribute]
        return self._pseudonym(group, kind, value, kind)

    def shows(self, attribute: str, value: str, placed: bool) -> bool:
        """Whether a claim's value is shown as it is: made of our own words, or a place of the gazetteer.

        Parameters
        ----------
        attribute, value : str
            Of the claim.
        placed : bool
            Whether the claim carries the id of a place.
        """
        return attribute in _VOUCHED and not self.revealed and (placed or vouched(self.text(value)))

    def mention(self, label: str, value: str, *, group: str) -> str:
        """What a mention says, as it may be shown: only labels of a closed vocabulary survive."""
        if self.revealed:
            return value
        if label == "PERSON":
            return self._pseudonym(group, "name", value, "person")
        if label in _LABELS:
            return self._pseudonym(group, _LABELS[label], value, _LABELS[label])
        return WORDS[self.language]["masked"]

    def pseudonym_of(self, name: str, *, group: str) -> str:
        """The pseudonym of a name, revealed or not: for counting people."""
        return self._pseudonym(group, "name", name, "person")

    def text(self, text: str) -> str:
        """Our own words with every known name and identifier replaced: a second line of defence.

        Not for anything that came out of a bundle.
        """
        if self.revealed:
            return text
        words = WORDS[self.language]
        text = _EMAIL.sub(f"[{words['email']}]", text)
        text = _SERIAL.sub(lambda found: shortened(found.group()), text)
        text = _PHONE.sub(f"[{words['phone']}]", text)
        if self._known is not None:
            text = self._known.sub(lambda found: self._any_group(found.group()), text)
        return text

    def free_text(self, text: str | None) -> str | None:
        """A transcript or vendor line: None unless names are revealed."""
        return text if self.revealed else None

    def _pseudonym(self, group: str, kind: str, value: str, fallback: str) -> str:
        found = self._pseudonyms.get((group, kind, fold(value)))
        if found is None:
            return f"[{WORDS[self.language][fallback]}]"
        return found.in_words(self.language)

    def _any_group(self, name: str) -> str:
        for candidate in (fold(name), fold(name).removesuffix("s")):
            found = {p for (_, kind, n), p in self._pseudonyms.items() if kind == "name" and n == candidate}
            if len(found) == 1:
                return found.pop().in_words(self.language)
        return f"[{WORDS[self.language]['person']}]"


def require_purpose(purpose: str) -> None:
    """Raise unless `purpose` says something.

    Raises
    ------
    ConsentError
    """
    if not purpose.strip():
        raise ConsentError(
            "Names are revealed for a stated purpose only.",
            "Say why with --purpose, or leave --reveal out; the purpose goes into the custody log.",
        )


def shortened(identifier: str) -> str:
    """A serial number or account id with its middle left out: enough to tell two apart, not to use one."""
    return identifier if len(identifier) < 8 else f"{identifier[:3]}…{identifier[-3:]}"


def fold(name: str) -> str:
    """A name as compared: case, spacing and a possessive ending do not matter."""
    return re.sub(r"['’]s$", "", " ".join(name.split()).casefold())


def _no_name(name: str) -> bool:
    """Whether what was heard as a name is an everyday word, so that our own words must keep it."""
    return name in WAKE_WORDS or everyday(name)


class _Numbering:
    """Hands out pseudonyms in the order in which values arrive."""

    def __init__(self) -> None:
        self.pseudonyms: dict[tuple[str, str, str], Pseudonym] = {}
        self._last: Counter[str] = Counter()

    def add(self, group: str, kind: str, value: str, *, shown: str | None = None) -> None:
        key = (group, kind, fold(value))
        if key[2] and key not in self.pseudonyms:
            self.pseudonyms[key] = self._next(shown or kind)

    def add_claims(self, rows: Sequence[Mapping[str, Any]]) -> None:
        named = [r for r in rows if r["attribute"] in _NAMES]
        people = [(str(r["data_subject_group"]), str(r["value"]), str(r["subject_role"])) for r in named]
        self._add_people(people)
        for row in rows:
            if row["attribute"] in _HIDDEN:
                kind = _HIDDEN[row["attribute"]]
                self.add(str(row["data_subject_group"]), kind, str(row["value"]))
            elif row["attribute"] in _VOUCHED and not vouched(str(row["value"])):
                self.add(str(row["data_subject_group"]), _VOUCHED[row["attribute"]], str(row["value"]))
            if row["attribute"] in _NAMES | _HIDDEN.keys():
                kind = _HIDDEN.get(row["attribute"], "name")
                for other in _facts(row["alternatives"]):
                    shown = _ROLES.get(row["subject_role"], "person") if kind == "name" else kind
                    self.add(str(row["data_subject_group"]), kind, other["value"], shown=shown)

    def add_mentions(self, rows: Sequence[Mapping[str, Any]]) -> None:
        rows = sorted(rows, key=lambda row: str(row["mention_id"]))
        group = "data_subject_group"
        texts = [
            (str(row[group]), str(text), "person")
            for row in rows
            if row["label"] == "PERSON"
            for text in (row["normalised"], row["surface"])
        ]
        self._add_people(texts)
        for row in rows:
            if row["label"] in _LABELS and row["label"] != "PERSON":
                for text in (row["normalised"], row["surface"]):
                    self.add(str(row[group]), _LABELS[row["label"]], str(text))

    def _add_people(self, people: Sequence[tuple[str, str, str]]) -> None:
        """People by full name first, so that a part that belongs to one of them only is the same person."""
        whole = [p for p in people if len(fold(p[1]).split()) > 1]
        for group, name, role in whole:
            self.add(group, "name", name, shown=_ROLES.get(role, "person"))
        owners: dict[tuple[str, str], set[str]] = {}
        for group, name, _ in whole:
            parts = fold(name).split()
            for part in parts if len(parts) <= _NAME_PARTS else ():
                owners.setdefault((group, part), set()).add(fold(name))
        for (group, part), names in owners.items():
            if len(names) == 1 and len(part) > 2:
                key = (group, "name", part)
                self.pseudonyms.setdefault(key, self.pseudonyms[(group, "name", next(iter(names)))])
        for group, name, role in people:
            self.add(group, "name", name, shown=_ROLES.get(role, "person"))

    def _next(self, kind: str) -> Pseudonym:
        self._last[kind] += 1
        return Pseudonym(kind, self._last[kind])


def _facts(cell: Iterable[Mapping[str, Any]] | None) -> list[dict[str, str]]:
    """Rows of a nested column; null is none."""
    return [] if cell is None else [{k: str(v) for k, v in fact.items()} for fact in cell]
