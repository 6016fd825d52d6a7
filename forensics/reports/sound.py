"""What is heard beside words, and a household's voices: tables that repeat what each score rests on."""

from __future__ import annotations

from collections import Counter, defaultdict

from forensics.reports.exhibit import Cell, Cells, Exhibit, right
from forensics.reports.inert import inert
from forensics.reports.sentences import group_name
from forensics.reports.view import View, exhibit

HIGH = 0.5
WAKE_WORD_HIGH = 0.7
"""Where real recordings with and without the wake word part."""


def cues(view: View) -> Exhibit:
    """The sound cues: in how many recordings each is high, and whether its error was ever measured."""
    w = view.words
    audio = view.rows("audio")
    high: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    basis: dict[str, tuple[bool, str]] = {}
    for row in audio:
        if row["wake_word_score"] is not None:
            asked["wake_word"] += 1
            high["wake_word"] += row["wake_word_score"] >= WAKE_WORD_HIGH
        for cue in row["ambience"] if row["ambience"] is not None else ():
            asked[cue["name"]] += 1
            high[cue["name"]] += cue["score"] >= HIGH
            basis[cue["name"]] = (cue["measured"], cue["basis"])
    if asked["wake_word"]:
        from forensics.audio.ambience import bases

        basis["wake_word"] = (True, bases()["wake_word"])
    rows: Cells = [
        (
            w(f"sound.{name}"),
            right(w.number(high[name])),
            right(w.number(asked[name])),
            w("sound.measured" if basis[name][0] else "sound.unproven"),
            Cell(inert(basis[name][1]), english=w.language != "en"),
        )
        for name in sorted(asked, key=lambda name: w(f"sound.{name}"))
    ]
    return exhibit(view, "sound", ("cue", "high", "asked", "basis", "error"), rows)


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
