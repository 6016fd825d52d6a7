"""The facts of an incident that no audio can tell: which there are, and what each of them may be.

Facts that a score or a sentence depends on take one of a few values, in order from mild to worst. What else
there is to say of one goes into its note (``recipient_note`` and so on), which is printed and never read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from forensics.errors import ForensicsError


class Recipient(StrEnum):
    """Who has the data, from mild to worst."""

    TRUSTED = "trusted"
    KNOWN = "known"
    UNKNOWN = "unknown"
    SEVERAL = "several"
    PUBLIC = "public"


class Intent(StrEnum):
    """Why it happened, or what a recipient does with the data: the worse of the two, from mild to worst."""

    MISTAKE = "mistake"
    UNKNOWN = "unknown"
    CURIOSITY = "curiosity"
    MALICIOUS = "malicious"
    EXTORTION = "extortion"


class Containment(StrEnum):
    """What became of the data at the recipient's, from mild to worst; unknown has no place in that order."""

    DELETION_CONFIRMED = "deletion_confirmed"
    RETURNED = "returned"
    REQUESTED = "requested"
    NONE = "none"
    SPREAD = "spread"
    UNKNOWN = "unknown"


class Unintelligible(StrEnum):
    """Whether the recipient can make anything of the data, from mild to worst."""

    YES = "yes"
    UNKNOWN = "unknown"
    NO = "no"


class AccountData(StrEnum):
    """To whom the account's own data went, from mild to worst."""

    HOLDER = "holder"
    UNKNOWN = "unknown"
    OTHERS = "others"


CHOICES: dict[str, tuple[str, ...]] = {
    "recipient": tuple(Recipient),
    "containment": tuple(Containment),
    "intent": tuple(Intent),
    "unintelligible": tuple(Unintelligible),
    "account_data": tuple(AccountData),
}
"""Facts that take one of a few values; each has a free note beside it."""
SCORED = ("recipient", "containment", "intent")
"""Those that the circumstances of the breach rest on."""
MEANING: dict[str, dict[str, str]] = {
    "recipient": {
        "trusted": "known, and bound to secrecy or otherwise relied on; ENISA counts recipients, so CB +.25",
        "known": "one or more, each of them known; CB +.25",
        "unknown": "nobody knows who has it, or it is not recorded; CB +.25 to +.5",
        "several": "more than one, and how many is not known; CB +.5",
        "public": "anybody can get it, such as in a forum or behind an open link; CB +.5",
    },
    "containment": {
        "deletion_confirmed": "every recipient confirmed in writing that it is deleted; CB +0",
        "returned": "every recipient gave it back and kept nothing, as far as is known; CB +0",
        "requested": "deletion was asked for or promised, not confirmed; CB +0, a promise lowers nothing",
        "none": "nothing was asked for yet, and nothing says that it was passed on; CB +0",
        "spread": "it was passed on: nobody knows how many have it, CB +.5 whoever the recipient was",
        "unknown": "not known or not recorded; it may have been passed on, CB up to +.5",
    },
    "intent": {
        "mistake": "an error, and nobody looked on purpose; CB +0",
        "unknown": "not known or not recorded; CB +0 to +.5",
        "curiosity": "somebody looked or searched on purpose, not to do harm; CB +0 to +.5, middle +.5",
        "malicious": "done or used to harm somebody; CB +.5",
        "extortion": "somebody is put under pressure with it; CB +.5",
    },
    "unintelligible": {
        "yes": "encrypted, and the key is safe; a flag beside the score, and Article 34(3)(a)",
        "unknown": "not known or not recorded",
        "no": "the recipient can read and hear it",
    },
    "account_data": {
        "holder": "the account's own files went to the account's holder alone",
        "unknown": "not known or not recorded",
        "others": "the account's own files went to somebody else as well",
    },
}
"""What each value means, and what it adds to ENISA's CB (2013); shown by ``--help``."""
MOMENTS = (
    "aware_at", "breach_from", "breach_to", "discovered_at", "authority_told_at", "people_told_at",
)  # fmt: skip
"""Facts that are times; all but the first may be days."""
TEXTS = (
    "measures", "controller", "contact", "dpo", "lead_authority", "authority_reference", "delay_reasons",
    "decision_reasons", "processor", "processor_contact", "cross_border", "responsible", "report_version",
    "reviewer", "signed_off_by",
)  # fmt: skip
"""Facts that are printed as they were given."""
NOTES = tuple(f"{name}_note" for name in CHOICES)
OVERRIDES: dict[str, tuple[float, ...]] = {
    "dpc_override": (1.0, 4.0), "ei_override": (0.25, 0.5, 0.75, 1.0), "cb_override": (0.0, 1.5),
}  # fmt: skip
"""An assessor's own value, with a reason behind it: between the two, or one of the four that ENISA has."""
KEYS = (*MOMENTS, *CHOICES, *NOTES, "individuals", *TEXTS, *OVERRIDES)
"""Everything that can be recorded, except what signing adds itself."""
_SIGNED = ("signed_off_at", "signed_off_state")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Incident:
    """Recorded facts, read. What is missing or cannot be read is unknown.

    Parameters
    ----------
    facts : mapping
        As ``case.json`` has them.
    """

    facts: Mapping[str, str]

    @property
    def recipient(self) -> Recipient:
        return Recipient(self._choice("recipient"))

    @property
    def containment(self) -> Containment:
        return Containment(self._choice("containment"))

    @property
    def intent(self) -> Intent:
        return Intent(self._choice("intent"))

    @property
    def unintelligible(self) -> Unintelligible:
        return Unintelligible(self._choice("unintelligible"))

    @property
    def account_data(self) -> AccountData:
        return AccountData(self._choice("account_data"))

    @property
    def individuals(self) -> int | None:
        """How many people are concerned, as the controller counts them."""
        text = self.facts.get("individuals", "")
        return int(text) if _is_count(text) else None

    @cached_property
    def unread(self) -> tuple[str, ...]:
        """Facts that hold something else than they may, as those of older versions do: read as unknown."""
        odd = [
            name for name, values in CHOICES.items() if name in self.facts and self.facts[name] not in values
        ]
        if "individuals" in self.facts and not _is_count(self.facts["individuals"]):
            odd.append("individuals")
        return tuple(odd)

    def known(self, name: str) -> bool:
        """Whether something was recorded that can be read and is not "unknown"."""
        value = self.facts.get(name, "")
        return bool(value) and name not in self.unread and not (name in CHOICES and value == "unknown")

    def _choice(self, name: str) -> str:
        value = self.facts.get(name, "unknown")
        return value if value in CHOICES[name] else "unknown"


def checked(facts: Mapping[str, str]) -> dict[str, str]:
    """Facts as they are recorded; an empty value makes one unknown again.

    Parameters
    ----------
    facts : mapping
        From key to text, as given with ``--set``.

    Raises
    ------
    ForensicsError
        Naming the fact, what it may be, and how to write it.
    """
    return {key: _checked(key, value.strip()) if value.strip() else "" for key, value in facts.items()}


def _checked(key: str, value: str) -> str:
    if key in CHOICES:
        chosen = value.casefold()
        if chosen not in CHOICES[key]:
            listed = ", ".join(CHOICES[key])
            raise ForensicsError(
                f"{key}={value}: {key} is one of {listed}.",
                f"Choose one, and write what else there is to say as {key}_note=TEXT.",
            )
        return chosen
    if key in MOMENTS:
        return _moment(key, value)
    if key == "individuals" and not _is_count(value):
        raise ForensicsError(f"individuals={value}: it is a whole number of people, 1 or more.")
    if key in OVERRIDES:
        _check_override(key, value)
    if key not in KEYS and key not in _SIGNED:
        raise ForensicsError(f"'{key}' is no fact of an incident.", f"Facts: {', '.join(KEYS)}.")
    return value


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) > 0


def _moment(key: str, value: str) -> str:
    if key != "aware_at" and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise ForensicsError(f"{key}={value}: there is no such day.") from error
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise ForensicsError(
            f"{key}={value}: this is no time.", "Write ISO 8601, e.g. 2026-03-01T09:30+01:00."
        ) from error
    if at.tzinfo is None:
        raise ForensicsError(f"{key}={value}: the zone is missing.", f"Add it, e.g. {value}+01:00.")
    return at.isoformat()


def override(facts: Mapping[str, str], key: str) -> tuple[float, str] | None:
    """An assessor's own value and the reason; None where there is none.

    Parameters
    ----------
    facts : mapping
        As ``case.json`` has them.
    key : str
        A key of :data:`OVERRIDES`.

    Raises
    ------
    ForensicsError
        If the value is not one that the method knows, or has no reason.
    """
    text = facts.get(key, "").strip()
    return _check_override(key, text) if text else None


def _check_override(key: str, text: str) -> tuple[float, str]:
    allowed = OVERRIDES[key]
    number, _, reason = text.partition(" ")
    try:
        value = float(number.replace(",", "."))
    except ValueError:
        value = float("nan")
    known = value in allowed if len(allowed) > 2 else allowed[0] <= value <= allowed[1]
    if not known or not reason.strip():
        listed = (
            ", ".join(f"{n:g}" for n in allowed) if len(allowed) > 2 else f"{allowed[0]:g} to {allowed[1]:g}"
        )
        raise ForensicsError(
            f"{key}={text}: a value of the method ({listed}) and, behind a space, a reason are needed.",
            f"forensics incident --case DIR --set '{key}={allowed[-1]:g} why'",
        )
    return value, reason.strip()


def help_text() -> str:
    """The facts and their values, a line each, for ``--help``."""
    lines = []
    for name, values in MEANING.items():
        lines.append(f"{name} (and {name}_note=TEXT):")
        lines += [f"  {value}: {meaning}" for value, meaning in values.items()]
    days = ", ".join(name for name in MOMENTS if name != "aware_at")
    lines.append(f"aware_at=TIME; {days}=TIME or DAY: ISO 8601, times with their zone")
    lines.append("individuals=NUMBER: people concerned")
    lines.append(f"{', '.join(OVERRIDES)}='NUMBER REASON': an assessor's own value")
    lines.append(f"{', '.join(TEXTS)}=TEXT")
    return "\n".join(lines)
