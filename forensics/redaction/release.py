"""From a case to a released bundle: plan, rewrite, and let our own tool try to find the subject."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.rows import Row
from forensics.corridor.progress import Progress
from forensics.errors import ForensicsError
from forensics.redaction.rewrite import DIRECT, NOTICE, Written, write_redacted
from forensics.redaction.spans import joined, secrets_of
from forensics.redaction.stage import releasable, released_group
from forensics.redaction.voices import Masked, Told, masked_voices, tell

if TYPE_CHECKING:
    from forensics.case.case import Case

FEWER = 1 / 3
"""Assumption: share of what is left that is withheld at a time where nothing but its number is too much."""
TRIES = 5
"""Rewritings before a target is given up."""
_TABLES = ("claims", "mentions", "transcripts", "utterances", "recordings", "audio", "voices")
_UNPROTECTED = ("acquaintance", "voice")
"""Adversaries from whom withholding words does not protect, so that K is not asked of them."""


@dataclass(frozen=True)
class Released:
    """What was released, and how well it holds.

    Parameters
    ----------
    utterances : int
        Of the data subject, before.
    k_lo : float or None
        The least 5 % bound of K that our own tool finds in the redacted bundle; None if it was not asked.
    k_lo_listener : float or None
        The same for a listener who hears what we missed.
    tries : int
        Rewritings until it held.
    voices : Masked or None
        How voices were masked; None where they were kept.
    told : Told or None
        Whether our own comparison of voices still tells who speaks; None where it was not asked for.
    """

    written: Written
    utterances: int
    withheld: int
    silenced: int
    replaced: int
    seconds_lost: float
    k_lo: float | None
    k_lo_listener: float | None
    k_lo_before: float
    tries: int
    voices: Masked | None = None
    told: Told | None = None


def release(
    case: Case,
    out: Path,
    *,
    k: int,
    listener: bool = False,
    confirm: bool = True,
    mask_voices: bool = False,
    progress: Progress | None = None,
) -> Released:
    """Plan, rewrite and confirm.

    Parameters
    ----------
    case : Case
        Investigated.
    listener : bool
        K has to hold against a listener who hears what we missed, too.
    confirm : bool
        Investigate the redacted bundle in a case of its own, as a recipient would, and withhold more until
        the 5 % bound of K is at least `k`.
    mask_voices : bool
        Keep words, timing and noises, and change every voice by a mask that is kept nowhere.

    Raises
    ------
    ForensicsError
        If no release fits `k` people. Then no bundle is left behind.
    """
    from forensics.case.case import Case as AnyCase
    from forensics.corridor.runner import run

    case = AnyCase.create(case.folder, options=replace(case.options, redact_k=k, redact_listener=listener))
    run(case, progress=progress, until="redaction")
    risk, plan = case.rows("risk"), case.rows("redaction")
    group = released_group(case.rows("utterances"))
    if group is None:
        raise ForensicsError(f"{case.folder} holds no utterances.", "There is nothing to release.")
    own = {n: [r for r in case.rows(n) if r["data_subject_group"] == group] for n in _TABLES}
    utterances = releasable(own)
    withheld = {row["utterance_id"] for row in plan if row["action"] == "withhold"}
    replaced = {row["utterance_id"] for row in plan if row["action"] == "replace"}
    silenced = {
        row["utterance_id"]: [(s["start_s"], s["end_s"]) for s in row["spans"]]
        for row in plan
        if row["action"] == "silence"
    }
    voices = masked_voices(own) if mask_voices else None
    tokens = _tokens(own, {claim for row in plan for claim in row["claims"]})
    case.custody.append("redaction begun", target_k=k, withheld=len(withheld), silenced=len(silenced))
    found: float | None = None
    overheard: float | None = None
    tries = 0
    while tries < TRIES:
        tries += 1
        written = write_redacted(
            case, out, utterances, withheld=withheld,
            silenced={u: joined(s) for u, s in silenced.items() if u not in withheld},
            tokens=tokens, facts={"target_k": k, "voices": "masked" if voices else "kept"},
            masks=voices.masks if voices else None,
        )  # fmt: skip
        if not confirm:
            break
        found, overheard, culprits = _confirm(case, written, k, listener, progress)
        if found >= k:
            break
        case.custody.append("redacted bundle tried", k_lo=found, more_to_withhold=len(culprits))
        left = sorted((u for u in utterances if u.utterance_id not in withheld), key=lambda u: u.seconds)
        if not culprits:  # nothing heard is left, but too much to listen to
            culprits = {u.utterance_id for u in left[: max(1, int(len(left) * FEWER))]}
        withheld |= culprits
    else:
        out.unlink(missing_ok=True)
        raise ForensicsError(
            f"After {TRIES} rewritings the bundle still fits only {found:,.0f} people by the cautious bound.",
            "Choose a smaller --k; no bundle was left behind.",
        )
    lost = sum(u.seconds for u in utterances if u.utterance_id in withheld)
    cut = {u: joined(s) for u, s in silenced.items() if u not in withheld}
    lost += sum(b - a for spans in cut.values() for a, b in spans)
    case.custody.append(
        "redacted bundle written", sha256=written.sha256, target_k=k, k_lo=found, withheld=len(withheld),
        silenced=len(cut), seconds_lost=round(lost, 1), notice=NOTICE, voices="masked" if voices else "kept",
    )  # fmt: skip
    told = None
    if voices and voices.people and confirm:
        out_there = {u.recording_id for u in utterances if u.utterance_id not in withheld}
        released = {**own, "voices": [t for t in own["voices"] if t["recording_id"] in out_there]}
        told = tell(case, released, voices.masks, seed=case.options.seed)
    mine = _careful((r for r in risk if r["data_subject_group"] == group), listener)
    return Released(
        written,
        len(utterances),
        len(withheld),
        len(cut),
        len(replaced - withheld),
        lost,
        found,
        overheard,
        _lowest(mine),
        tries,
        voices,
        told,
    )


def _careful(risk: Iterable[Row], listener: bool) -> list[Row]:
    """Rows of the adversaries against whom K has to hold."""
    mine = (r for r in risk if r["adversary"] not in _UNPROTECTED)
    return [r for r in mine if listener or r["attacker"] == "machine"]


def _lowest(risk: Iterable[Row]) -> float:
    return min((float(r["k_lo"]) for r in risk), default=float("inf"))


def _confirm(
    case: Case, written: Written, k: int, listener: bool, progress: Progress | None
) -> tuple[float, float, set[str]]:
    """The least 5 % bound of K found in the redacted bundle; the utterances behind it if below k."""
    from forensics.case.case import Case as AnyCase
    from forensics.corridor.runner import run
    from forensics.intake import take_in

    folder = Path(tempfile.mkdtemp(dir=case.folder / "work", prefix="redacted-"))
    try:
        # K is asked of words; voices are compared apart, and only where the case was given a purpose for it
        options = replace(case.options, redact_k=0, register="", voices=False)
        tried = AnyCase.create(folder / "case", options=options, purpose="does the redaction hold?")
        take_in(tried, written.path)
        run(tried, progress=progress, until="reidentification")
        risk = tried.rows("risk")
        careful = _careful(risk, listener)
        used = {claim for row in careful if row["k_lo"] < k for claim in row["claims"] or ()}
        told = {u for c in tried.rows("claims") if c["claim_id"] in used for u in c["utterance_ids"]}
        sha = {r["recording_id"]: r["sha256"] for r in tried.rows("recordings")}
        culprits: set[str] = set()
        for row in tried.rows("utterances"):
            if row["utterance_id"] not in told:
                continue
            if row["recording_id"] is None:
                culprits |= set(written.texts.get(row["vendor_text"] or "", ()))
            elif (original := written.originals.get(sha[row["recording_id"]])) is not None:
                culprits.add(original)
        return _lowest(careful), _lowest(_careful(risk, listener=True)), culprits
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tokens(own: Mapping[str, list[dict[Any, Any]]], hidden: set[str]) -> frozenset[str]:
    """Words to mask in transcripts: of the claims hidden, and of everything that names directly."""
    secrets = secrets_of([c for c in own["claims"] if c["claim_id"] in hidden], own["mentions"], [])
    direct = [
        {"claim_id": m["mention_id"], "value": m["normalised"], "alternatives": [],
         "mention_ids": [m["mention_id"]], "utterance_ids": []}
        for m in own["mentions"] if m["label"] in DIRECT
    ]  # fmt: skip
    named = secrets_of(direct, own["mentions"], [])
    return _union(s.tokens for s in (*secrets.values(), *named.values()))


def _union(parts: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*parts)
