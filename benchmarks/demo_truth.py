"""Truth versus findings on the demo bundle, claim by claim: ``make demo-truth``.

A true claim counts as found if the case holds a claim of the same kind about the recordings' data subject
whose value (or most probable alternative) says the same, and at least one of the recordings it rests on is
a recording in which the truth was said.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from forensics import Case
from forensics.knowledge.gazetteer import place_by_id

ROOT = Path(__file__).resolve().parents[1]
# A person is a person whether the case calls him contact or first name; where somebody lives, works or
# travels is one question with three answers.
KIN = {
    "first_name": ("first_name", "contact", "child", "relation"),
    "contact": ("contact", "first_name", "surname"),
    "surname": ("surname", "contact"),
    "child": ("child",),
    "relation": ("relation", "contact"),
    "home_place": ("home_place",),
    "work_place": ("work_place", "other_place", "home_place", "routine_commute"),
    "other_place": ("other_place", "home_place"),
    "media_taste": ("media_taste", "interest"),
    "routine_commute": ("routine_commute",),
}
VALUE_FREE = ("accidental_recording", "child", "routine_commute", "command_chain")
SAYS_THE_SAME = {"on weekdays": "workdays", "oma": "grandmother"}
SAME = 80.0  # rapidfuzz partial ratio from which two spellings of a value are the same


@dataclass(frozen=True)
class Row:
    """One true claim and what the case says of it."""

    attribute: str
    role: str
    truth: str
    found: str
    found_as: str
    p_true: float | None
    recall: float
    """Share of the true recordings that the found claim rests on."""


def compare(case: Case, truth: dict[str, Any]) -> list[Row]:
    """Every true claim beside the best claim of the case."""
    of_sound = {row["recording_id"]: row["sha256"] for row in case.rows("recordings")}
    sha = {u["utterance_id"]: of_sound.get(u["recording_id"]) for u in case.rows("utterances")}
    claims = case.rows("claims")
    rows = []
    for true in truth["claims"]:
        said_in = set(true["recordings"])
        best: tuple[tuple[int, float, float], dict[str, Any]] | None = None
        for claim in claims:
            if claim["attribute"] not in KIN.get(true["attribute"], (true["attribute"],)):
                continue
            heard_in = {sha[u] for u in claim["utterance_ids"]} & said_in
            if not heard_in or not _same(true, claim):
                continue
            rank = (int(claim["attribute"] == true["attribute"]), len(heard_in), claim["p_true"])
            if best is None or rank > best[0]:
                best = (rank, claim)
        found = best[1] if best else {}
        share = best[0][1] / len(said_in) if best else 0.0
        rows.append(
            Row(
                true["attribute"],
                true["subject_role"],
                str(true["value"]),
                str(found.get("value", "")),
                str(found.get("attribute", "")),
                found.get("p_true"),
                share,
            )
        )
    return rows


def unfounded(case: Case, truth: dict[str, Any]) -> list[dict[str, Any]]:
    """Claims about names and homes that the truth does not know: what a reader would be misled by."""
    known = [str(c["value"]).lower() for c in truth["claims"]]
    known += [word for value in known for word in value.split()]
    kinds = ("first_name", "surname", "contact", "home_place", "work_place", "other_place")
    spoken = {row["data_subject_group"] for row in case.rows("utterances")}
    return [
        claim
        for claim in case.rows("claims")
        if claim["attribute"] in kinds
        and claim["data_subject_group"] in spoken
        and not any(fuzz.ratio(claim["value"].lower(), value) >= SAME for value in known)
    ]


def _same(true: dict[str, Any], claim: dict[str, Any]) -> bool:
    if true["attribute"] in VALUE_FREE:
        return True
    wanted = str(true["value"]).lower()
    for theirs, ours in SAYS_THE_SAME.items():
        wanted = wanted.replace(theirs, ours)
    return any(fuzz.partial_ratio(wanted, value.lower()) >= SAME for value in _values(claim))


def _values(claim: dict[str, Any]) -> Iterable[str]:
    yield claim["value"]
    for alternative in claim["alternatives"]:
        yield alternative["value"]
    for one in claim["places"]:
        if (place := place_by_id(one["place_id"])) is not None:
            yield place.name
    for step in claim["steps"]:
        yield step["step"]
    if claim["kind"]:
        yield claim["kind"].replace("_", " ")


def main(folder: str) -> None:
    """Print the comparison, and as the last line one JSON object."""
    truth = json.loads((ROOT / "data" / "demo_truth.json").read_text("utf-8"))
    case = Case.open(folder)
    rows = compare(case, truth)
    print(f"{'attribute':<21}{'role':<11}{'truth':<38}{'found':<30}{'as':<20}{'p':>5} {'recordings':>10}")
    for row in rows:
        p = f"{row.p_true:.2f}" if row.p_true is not None else "–"
        print(
            f"{row.attribute:<21}{row.role:<11}{row.truth[:36]:<38}{row.found[:28] or 'not found':<30}"
            f"{row.found_as:<20}{p:>5} {row.recall:>10.0%}"
        )
    wrong = unfounded(case, truth)
    print("\nclaims about names and places that nobody's truth supports:")
    for claim in wrong:
        print(f"  {claim['attribute']:<14}{claim['value']:<30}{claim['p_true']:.2f}  {claim['reason'][:70]}")
    found = sum(bool(row.found) for row in rows)
    print(json.dumps({"claims": len(rows), "found": found, "unfounded": len(wrong)}))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "build/demo")
