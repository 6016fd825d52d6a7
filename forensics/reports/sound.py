"""What is heard beside words, and a household's voices: tables that repeat what each score rests on."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from forensics.reports.exhibit import Cells, Exhibit, right
from forensics.reports.sentences import group_name
from forensics.reports.view import View, exhibit

if TYPE_CHECKING:
    from forensics.audio.ambience import Basis

HIGH = 0.5
WAKE_WORD_HIGH = 0.7
"""Where real recordings with and without the wake word part."""


def cues(view: View) -> Exhibit:
    """The sound cues: in how many recordings each is high, and what is known of its error."""
    from forensics.audio.ambience import Basis, bases

    w, known = view.words, bases()
    high: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for row in view.rows("audio"):
        if row["wake_word_score"] is not None:
            asked["wake_word"] += 1
            high["wake_word"] += row["wake_word_score"] >= WAKE_WORD_HIGH
        for cue in row["ambience"] if row["ambience"] is not None else ():
            asked[cue["name"]] += 1
            high[cue["name"]] += cue["score"] >= HIGH
    rows: Cells = []
    for name in sorted(asked, key=lambda name: w.name("sound", name)):
        basis = known.get(name, Basis("unproven", "unknown"))  # a cue of another version
        shown = "–" if basis.status == "chance" else w.number(high[name])
        status = w(f"sound.status.{basis.status}")
        rows.append(
            (w.name("sound", name), right(shown), right(w.number(asked[name])), status, _error(view, basis))
        )
    return exhibit(view, "sound", ("cue", "high", "asked", "basis", "error"), rows)


def _error(view: View, basis: Basis) -> str:
    """What the cue was tried on, and how often it was wrong there."""
    w = view.words
    tried = w(f"sound.on.{basis.on}")
    if basis.auc is None or basis.at is None or basis.missed is None or basis.false is None:
        return tried
    sides = {
        side: w("sound.wrong", n=w.number(n), of=w.number(of), lo=w.percent(low), hi=w.percent(high))
        for side, (n, of, low, high) in (("missed", basis.missed), ("false", basis.false))
    }
    return w("sound.figures", on=tried, auc=w.number(basis.auc, 2), at=w.number(basis.at, 1), **sides)


def voices(view: View) -> Exhibit | None:
    """The voices of each data subject; None where comparing voices was not asked for."""
    w = view.words
    turns = view.rows("voices")
    if not turns:
        return None
    heard: dict[str, list[dict[str, object]]] = defaultdict(list)
    for turn in turns:
        heard[str(turn["data_subject_group"])].append(turn)
    rows: Cells = []
    for group, own in heard.items():
        first = own[0]
        unknown = {t["recording_id"] for t in own if t["voice_id"] is None}
        rows.append(
            (
                group_name(view, group),
                f"{first['household_mid']:.0f} ({first['household_lo']:.0f}–{first['household_hi']:.0f})",
                right(w.number(len({t["recording_id"] for t in own}))),
                right(w.number(len(unknown))),
                right(w.number(len({t["voice_id"] for t in own if t["age"] == "child"} - {None}))),
            )
        )
    return exhibit(view, "voices", ("group", "size", "recordings", "unknown", "child"), rows)
