"""``forensics explain``: from a claim to the utterances it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption, RevealPurpose, check_reveal
from forensics.errors import ForensicsError

if TYPE_CHECKING:
    from forensics.profile.explain import Explanation

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


def explain(
    claim: Annotated[str, typer.Argument(help="The claim's id, or its beginning.")],
    case: CaseOption,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show names and words; needs --purpose.")] = False,
    purpose: RevealPurpose = "",
    json: JsonFlag = False,
) -> None:
    """The chain from a claim to its utterances: what speaks for it, what against, what else it might be."""
    check_reveal(reveal, purpose)
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.profile.explain import explain as chain

        opened = Case.open(case)
        try:
            found = chain(claim, {name: opened.rows(name) for name in _TABLES})
        except KeyError as error:
            raise ForensicsError(
                f"No single claim has the id '{claim}'.", "Take the id from the table 'claims' or the report."
            ) from error
        if reveal:
            opened.custody.append("names revealed", purpose=purpose.strip(), claim=found.claim_id)
        answer.facts = found.as_dict() if reveal else masked(found)
        answer.lines = _lines(answer.facts)


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
