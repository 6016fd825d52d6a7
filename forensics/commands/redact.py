"""redact: the least to withhold until what is left fits at least k people, and the bundle rewritten."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption
from forensics.commands.texts import OutOption

if TYPE_CHECKING:
    from forensics.redaction.release import Released


class VoicesKept(StrEnum):
    """What becomes of the voices in a release."""

    KEEP = "keep"
    MASK = "mask"


def redact(
    case: CaseOption,
    out: OutOption,
    k: Annotated[int, typer.Option("--k", min=2, help="People whom what is left must fit at least.")],
    register: Annotated[
        Path | None, typer.Option(help="A register whose best candidate may reach 1/k at most.")
    ] = None,
    listener: Annotated[
        bool, typer.Option("--listener", help="K must hold against who hears what we missed, too.")
    ] = False,
    confirm: Annotated[
        bool, typer.Option(help="Investigate the redacted bundle, and withhold more if it does not hold.")
    ] = True,
    voices: Annotated[
        VoicesKept, typer.Option(help="Mask every voice, so that words stay and speakers go, or keep them.")
    ] = VoicesKept.KEEP,
    json: JsonFlag = False,
) -> None:
    """The least to withhold before a release, and the redacted bundle."""
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.corridor.progress import Bars
        from forensics.redaction.release import release
        from forensics.redaction.rewrite import NOTICE

        opened = Case.open(case)
        if register is not None:
            opened = Case.create(case, options=opened.options.updated({"register": str(register.resolve())}))
        mask = voices is VoicesKept.MASK
        done = release(
            opened, out, k=k, listener=listener, confirm=confirm, mask_voices=mask, progress=Bars()
        )
        answer.facts = {
            "bundle": str(done.written.path), "sha256": done.written.sha256, "target_k": k,
            "utterances": done.utterances, "withheld": done.withheld, "silenced": done.silenced,
            "replaced": done.replaced,
            "seconds_lost": round(done.seconds_lost, 1), "undecodable": len(done.written.undecodable),
            "k_lo_before": done.k_lo_before, "k_lo": done.k_lo, "confirmed": done.k_lo is not None,
            "k_lo_listener": done.k_lo_listener,
            "voices": _voice_facts(done),
            "tries": done.tries, "notice": NOTICE, "custody_head": opened.custody.head(),
        }  # fmt: skip
        kept = done.utterances - done.withheld - len(done.written.undecodable)
        answer.lines = [
            f"{kept} of {done.utterances} utterances released, {done.silenced} of them silenced in part, "
            f"{done.replaced} with words replaced; {done.seconds_lost:.0f} s of sound withheld",
            f"K by the cautious bound: {done.k_lo_before:,.0f} before, "
            + (
                f"{done.k_lo:,.0f} found in the redacted bundle" if done.k_lo is not None else "not confirmed"
            ),
            "account data, names and times of members are withheld altogether",
            NOTICE,
            *_overheard(done.k_lo_listener, k),
            *_voice_lines(done),
            f"bundle: {done.written.path}",
            f"custody head: {opened.custody.head()}",
        ]


def _voice_facts(done: Released) -> dict[str, Any]:
    """What became of the voices, for scripts."""
    if done.voices is None:
        return {"action": "keep"}
    found: dict[str, Any] = {
        "action": "mask",
        "people": done.voices.people,
        "without_speech": done.voices.unmasked,
        "equal_error_rates": dict(done.voices.eer),
        "first_of_10000": {kind: list(ends) for kind, ends in done.voices.first.items()},
    }
    if done.told is not None:
        found["told_apart"] = {
            "compared": done.told.compared,
            "before": done.told.before,
            "after": done.told.after,
        }
    return found


def _voice_lines(done: Released) -> list[str]:
    """Against whom the release holds, and against whom not, as far as voices go."""
    if done.voices is None:
        return ["Voices are as they were: it does not protect from somebody who knows or compares them."]
    eer, people = done.voices.eer, done.voices.people
    drawn = f"one mask for each of {people} voices" if people else "one for each recording, not compared"
    lines = [
        f"Voices are masked: {drawn}.",
        f"On real speakers, comparing voices errs in {eer['plain']:.0%} of decisions before, in "
        f"{eer['ignorant']:.0%} against a gallery that is not masked, in {eer['informed']:.0%} against one "
        "masked the same way with other draws (50 % is chance).",
    ]
    if first := done.voices.first:
        shown = {kind: f"{mid:.0%} ({low:.0%} to {high:.0%})" for kind, (low, mid, high) in first.items()}
        lines.append(
            f"The voice heard longest is put first among 10,000 named people: before {shown['plain']}, "
            f"ignorant of the mask {shown['ignorant']}, informed {shown['informed']}, if it is among them."
        )
    if done.told is not None:
        told = done.told
        lines.append(
            f"Whoever holds the household's own recordings tells who speaks in {told.after} of "
            f"{told.compared} recordings ({told.before} before)."
        )
    if done.voices.unmasked:
        lines.append(f"{done.voices.unmasked} recordings without speech that we heard are as they were.")
    return [
        *lines,
        f"It does not hold against somebody who learns a mask ({eer['known']:.0%}), trains on masked speech, "
        "or knows how the person speaks and what they say.",
    ]


def _overheard(k_lo: float | None, k: int) -> list[str]:
    """What is left to say of a listener who hears what we missed."""
    if k_lo is None or k_lo >= k:
        return []
    return [
        f"K for somebody who hears names that we missed: {k_lo:,.0f} by the cautious bound. "
        "Have a person listen before release, or use --listener, which releases fewer recordings."
    ]
