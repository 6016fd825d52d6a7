"""Who answers for a case: a name, a time, and what the case held when it was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from forensics.case.digests import digest

if TYPE_CHECKING:
    from forensics.case.case import Case

KEYS = ("signed_off_by", "signed_off_at", "signed_off_state")


@dataclass(frozen=True)
class SignOff:
    """A signature on a state of the case.

    Parameters
    ----------
    by : str
        Who answers for the case.
    at : datetime
        UTC.
    current : bool
        Whether tables, decisions and facts are still those that were signed.
    """

    by: str
    at: datetime
    current: bool


def sign_off(case: Case, by: str) -> SignOff:
    """Sign the case as it stands: recorded among the facts of the incident, and in the custody log.

    Parameters
    ----------
    case : Case
        Its tables, decisions and facts are what is signed.
    by : str
        Who answers for it; empty takes the signature back.
    """
    at = datetime.now(UTC)
    values = (by, at.isoformat(timespec="seconds"), state_of(case)) if by.strip() else ("", "", "")
    case.set_incident(dict(zip(KEYS, values, strict=True)))
    return SignOff(by, at, True)


def signed(case: Case) -> SignOff | None:
    """The signature on the case, None while nobody has signed."""
    facts = case.incident
    try:
        at = datetime.fromisoformat(facts["signed_off_at"])
    except (KeyError, ValueError):
        return None
    return SignOff(facts["signed_off_by"], at, facts.get("signed_off_state") == state_of(case))


def state_of(case: Case) -> str:
    """SHA-256 of what a signature covers: rows of all tables, decisions, and facts of the incident."""
    from forensics.case.schemas import TABLES

    stages = case.state["stages"]
    rows = {
        table: facts.get("rows_sha256")
        for record in stages.values()
        for table, facts in record.get("outputs", {}).items()
    }
    facts = {key: value for key, value in case.incident.items() if key not in KEYS}
    return digest([rows, case.review.digest(TABLES), facts])
