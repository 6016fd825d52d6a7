"""From a case to a released bundle: plan, rewrite, and let our own tool try to find the subject."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.corridor.progress import Progress
from forensics.errors import ForensicsError
from forensics.redaction.rewrite import DIRECT, NOTICE, Written, write_redacted
from forensics.redaction.spans import joined, secrets_of
from forensics.redaction.stage import released_group, sounds_of

if TYPE_CHECKING:
    from forensics.case.case import Case

TRIES = 5
_TABLES = ("claims", "mentions", "transcripts", "recordings", "audio")


@dataclass(frozen=True)
class Released:
    """What was released, and how well it holds.

    Parameters
    ----------
    written : Written
    recordings : int
        Of the data subject, before.
    withheld, silenced : int
    seconds_lost : float
    k_lo : float or None
        The least 5 % bound of K that our own tool finds in the redacted bundle; None if it was not asked.
    k_lo_listener : float or None
        The same for a listener who hears what we missed.
    k_lo_before : float
    tries : int
        Rewritings until it held.
    """

    written: Written
    recordings: int
    withheld: int
    silenced: int
    seconds_lost: float
    k_lo: float | None
    k_lo_listener: float | None
    k_lo_before: float
    tries: int


def release(
    case: Case,
    out: Path,
    *,
    k: int,
    listener: bool = False,
    confirm: bool = True,
    progress: Progress | None = None,
) -> Released:
    """Plan, rewrite and confirm.

    Parameters
    ----------
    case : Case
        Investigated.
    out : pathlib.Path
    k : int
    listener : bool
        K has to hold against a listener who hears what we missed, too.
    confirm : bool
        Investigate the redacted bundle in a case of its own, as a recipient would, and withhold more until
        the 5 % bound of K is at least `k`.
    progress : Progress, optional

    Raises
    ------
    ForensicsError
        If no release fits `k` people. Then no bundle is left behind.
    """
    from forensics.case.case import Case as AnyCase
    from forensics.corridor.runner import run

    case = AnyCase.create(case.folder, options=replace(case.options, redact_k=k, redact_listener=listener))
    run(case, progress=progress, until="redaction")
    groups, risk, plan = case.frame("groups"), case.frame("risk"), case.frame("redaction")
    group = released_group(groups)
    if group is None:
        raise ForensicsError(f"{case.folder} holds no recordings.", "There is nothing to release.")
    own = {n: _of(case.frame(n), group) for n in _TABLES}
    sounds = sounds_of(own)
    withheld = set(plan[plan["action"] == "withhold"]["recording_id"])
    silenced = {
        row["recording_id"]: [(s["start_s"], s["end_s"]) for s in row["spans"]]
        for row in plan[plan["action"] == "silence"].to_dict("records")
    }
    hidden = {claim for claims in plan["claims"] for claim in claims}
    tokens = _tokens(own, hidden)
    given = [r for r in own["recordings"] if isinstance(r["vendor_text"], str)]  # NaN where none is
    vendor = {r["recording_id"]: r["vendor_text"] for r in given}
    case.custody.append("redaction begun", target_k=k, withheld=len(withheld), silenced=len(silenced))
    found: float | None = None
    overheard: float | None = None
    tries = 0
    while tries < TRIES:
        tries += 1
        written = write_redacted(
            case, out, sounds, withheld=withheld,
            silenced={r: joined(s) for r, s in silenced.items() if r not in withheld},
            tokens=tokens, vendor_texts=vendor, facts={"target_k": k},
        )  # fmt: skip
        if not confirm:
            break
        found, overheard, culprits = _confirm(case, written, k, listener, progress)
        if found >= k:
            break
        case.custody.append("redacted bundle tried", k_lo=found, more_to_withhold=len(culprits))
        left = [s for s in sounds if s.recording_id not in withheld]
        if not culprits:  # nothing heard is left, but too much to listen to
            culprits = {
                s.recording_id for s in sorted(left, key=lambda s: s.seconds)[: max(1, len(left) // 3)]
            }
        withheld |= culprits
    else:
        out.unlink(missing_ok=True)
        raise ForensicsError(
            f"After {TRIES} rewritings the bundle still fits only {found:,.0f} people by the cautious bound.",
            "Choose a smaller --k; no bundle was left behind.",
        )
    lost = sum(s.seconds for s in sounds if s.recording_id in withheld)
    cut = {r: joined(s) for r, s in silenced.items() if r not in withheld}
    lost += sum(b - a for spans in cut.values() for a, b in spans)
    case.custody.append(
        "redacted bundle written", sha256=written.sha256, target_k=k, k_lo=found, withheld=len(withheld),
        silenced=len(cut), seconds_lost=round(lost, 1), notice=NOTICE,
    )  # fmt: skip
    mine = _careful(risk[risk["data_subject_group"] == group], listener)
    return Released(
        written,
        len(sounds),
        len(withheld),
        len(cut),
        lost,
        found,
        overheard,
        float(mine["k_lo"].min()),
        tries,
    )


def _careful(risk: Any, listener: bool) -> Any:
    """Rows of the adversaries against whom K has to hold."""
    mine = risk[risk["adversary"] != "acquaintance"]
    return mine if listener else mine[mine["attacker"] == "machine"]


def _confirm(
    case: Case, written: Written, k: int, listener: bool, progress: Progress | None
) -> tuple[float, float, set[str]]:
    """The least 5 % bound of K found in the redacted bundle; the recordings behind it if below k."""
    from forensics.case.case import Case as AnyCase
    from forensics.corridor.runner import run
    from forensics.intake import take_in

    folder = Path(tempfile.mkdtemp(dir=case.folder / "work", prefix="redacted-"))
    try:
        options = replace(case.options, redact_k=0, register="")
        tried = AnyCase.create(folder / "case", options=options, purpose="does the redaction hold?")
        take_in(tried, written.path)
        run(tried, progress=progress, until="reidentification")
        risk = tried.frame("risk")
        careful, everybody = _careful(risk, listener), _careful(risk, True)
        failing = careful[careful["k_lo"] < k]
        used = {claim for claims in failing["claims"] for claim in (claims if claims is not None else ())}
        claims, recordings = tried.frame("claims"), tried.frame("recordings")
        support = {r for c in claims.to_dict("records") if c["claim_id"] in used for r in c["recordings"]}
        sha = dict(zip(recordings["recording_id"], recordings["sha256"], strict=True))
        culprits = {written.originals[sha[r]] for r in support if sha.get(r) in written.originals}
        lowest = [float(rows["k_lo"].min()) if len(rows) else float("inf") for rows in (careful, everybody)]
        return lowest[0], lowest[1], culprits
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tokens(own: Mapping[str, list[dict[Any, Any]]], hidden: set[str]) -> frozenset[str]:
    """Words to mask in transcripts: of the claims hidden, and of everything that names directly."""
    secrets = secrets_of([c for c in own["claims"] if c["claim_id"] in hidden], own["mentions"], [])
    direct = [
        {"claim_id": m["mention_id"], "value": m["normalised"], "alternatives": [],
         "support": [m["mention_id"]], "recordings": []}
        for m in own["mentions"] if m["label"] in DIRECT
    ]  # fmt: skip
    named = secrets_of(direct, own["mentions"], [])
    return _union(s.tokens for s in (*secrets.values(), *named.values()))


def _union(parts: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*parts)


def _of(frame: Any, group: str) -> list[dict[Any, Any]]:
    rows: list[dict[Any, Any]] = frame[frame["data_subject_group"] == group].to_dict("records")
    return rows
