"""What an explanation of a claim says to people: masked unless revealed, as lines and in a notebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from forensics.errors import ForensicsError
from forensics.profile.explain import Explanation
from forensics.profile.explain import explain as chain

if TYPE_CHECKING:
    from forensics.case.case import Case

_TABLES = ("claims", "persons", "utterances", "transcripts", "mentions", "intents", "devices")
_MASK = "(masked)"
_WORDS = {
    "witnesses": "utterances or records that say it",
    "days": "days on which it was said",
    "p_value": "probability that this was said",
    "p_role": "probability that it means this",
    "only_in_talk": "nobody meant any of it for the device, with probability",
    "said_once": "it rests on one utterance",
    "heard_otherwise": "it was also heard as something else, with probability",
    "namesakes": "several places bear the name; the likeliest has probability",
}
_NUMBER = re.compile(r"C([1-9]\d*)")


@dataclass(frozen=True)
class Explained:
    """The chain from a claim to its utterances as a reader may see it; displays itself in a notebook.

    Parameters
    ----------
    facts : dict
        Plain values, for scripts.
    """

    facts: dict[str, Any]

    @property
    def lines(self) -> list[str]:
        """For people."""
        return _lines(self.facts)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def explain(case: Case, claim: str, *, reveal: bool = False, purpose: str = "") -> Explained:
    """From a claim to the utterances it rests on: what speaks for it, what against, what else it might be.

    Parameters
    ----------
    case : Case
        With the tables up to ``claims``; the analyst's decisions count.
    claim : str
        The claim's id, its beginning, or its number in the report (``C3``).
    reveal : bool
        Show names and words.
    purpose : str
        Why; goes into the custody log.

    Raises
    ------
    ForensicsError
        If no claim, or more than one, is meant.
    ConsentError
        If names are to be revealed without a purpose.
    """
    from forensics.case.masking import require_purpose

    if reveal:
        require_purpose(purpose)
    wanted = _by_number(case, claim) if _NUMBER.fullmatch(claim) else claim
    try:
        found = chain(wanted, {name: case.rows(name) for name in _TABLES})
    except KeyError as error:
        raise ForensicsError(
            f"No single claim has the id '{claim}'.", "Take the id from the table 'claims' or the report."
        ) from error
    if reveal:
        case.custody.append("names revealed", purpose=purpose.strip(), claim=found.claim_id)
    return Explained(found.as_dict() if reveal else masked(found))


def masked(found: Explanation) -> dict[str, Any]:
    """The explanation without what came out of the bundle as text: names, words, device names."""
    plain = found.as_dict()
    plain |= {"value": _MASK, "reason": _MASK}
    for name in ("alternatives", "rivals", "forms", "places"):
        plain[name] = [(_MASK, number) for _, number in plain[name]]
    for witness in plain["witnesses"]:
        words = len(witness["text"].split())
        witness |= {
            "text": f"({words} words)",
            "mentions": [_MASK] * len(witness["mentions"]),
            "device": _MASK,
        }
    return plain


def _by_number(case: Case, number: str) -> str:
    from forensics.reports.view import View

    numbers = View.of_case(case, report_k=0).claim_numbers
    return next((claim for claim, n in numbers.items() if f"C{n}" == number), number)


def _lines(facts: dict[str, Any]) -> list[str]:
    lines = [
        f"{facts['claim_id']}: {facts['attribute']} of the {facts['role']}: {facts['value']}",
        f"true with probability {facts['p_true']:.2f} = {facts['p_value']:.2f} (said) x "
        f"{facts['p_role']:.2f} (means this)",
        facts["reason"],
    ]
    for title, name in (("speaks for it", "speaks_for"), ("speaks against it", "speaks_against")):
        lines += [f"{title}: {_WORDS.get(key, key)} ({number:g})" for key, number in facts[name]]
    for title, name in (
        ("heard as", "forms"),
        ("else heard", "alternatives"),
        ("roles", "roles"),
        ("may lie at", "places"),
        ("rival claim", "rivals"),
    ):
        lines += [f"{title}: {value} ({number:.2f})" for value, number in facts[name]]
    lines.append("rests on:")
    for one in facts["witnesses"]:
        lines.append(f"  {one['started_at'] or 'time unknown'}  {one['utterance_id']}  {one['text']}")
    return lines
