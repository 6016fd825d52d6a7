"""Speech without words: recordings in which more than one thing is said, and languages new to a household.

    make bench-hearing BENCH_ARGS="--only stretches"     this part alone: about three minutes

Recordings are joined from the real clips of the reporting half (``fitting/material/joined.py``): nothing was
tuned on its speakers. What one reading makes of each stands beside what ours does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.hearing_recipes import SEED, Ours, say
from fitting.material.hearing import real
from fitting.material.joined import KINDS, Joined, joined
from forensics.transcription.engine import Clip, LanguageChoice, household_prior
from forensics.transcription.evidence import agreement, plain_words
from forensics.transcription.files import UNINFORMED
from forensics.transcription.heard import Heard
from forensics.transcription.hearing import hear
from forensics.transcription.listening import listen

FOUND = 0.6
"""Similarity of letters from which on an utterance counts as found: misheard words are another measure's."""

MISHEARD = 0.5
"""Words at its time, as a share of those said, from which on an utterance that is not found was misheard."""

_LOST = ("found", "misheard", "missed", "flagged")

_HOUSEHOLD = 24
"""Recordings of a household that is known by its own language, as many as a case samples."""


def stretches(ours: Ours, each: int) -> dict[str, Any]:
    """Keys ``speech_without_words``, ``two_languages`` and the same by kind.

    Parameters
    ----------
    each : int
        Recordings of every kind; a quarter of that of the long ones.
    """
    recordings = joined("report", each, seed=SEED)
    clips = [clip for one in recordings if (clip := listen(one.samples)) is not None]
    if len(clips) != len(recordings):
        raise ValueError("A joined recording without speech.")
    heard = hear(ours.engine, clips, UNINFORMED)
    once = [reading.text for reading in ours.engine.read(clips, UNINFORMED)]
    say("more than one thing said: utterances found, by one reading and by ours:")
    by_kind = {}
    for kind in KINDS:
        chosen = [i for i, one in enumerate(recordings) if one.kind == kind]
        row = _counts([recordings[i] for i in chosen], [heard[i] for i in chosen], [once[i] for i in chosen])
        by_kind[kind] = row
        say(f"  {kind:<20} {row}")
    two = [i for i, one in enumerate(recordings) if one.kind == "two languages"]
    lost = {name: sum(row[name] for row in by_kind.values()) for name in _LOST}
    return {
        "speech_without_words": {**lost, "by_kind": by_kind},
        "two_languages": {
            "both": sum(all(_is_found(s.text, heard[i].text) for s, _, _ in recordings[i].said) for i in two),
            "both_by_one_reading": sum(
                all(_is_found(s.text, once[i]) for s, _, _ in recordings[i].said) for i in two
            ),
            "both_named": sum({p.reading.language for p in heard[i].parts} == {"de", "en"} for i in two),
            "of": len(two),
        },
        "languages_in_a_household": languages_in_a_household(ours),
    }


def languages_in_a_household(ours: Ours) -> dict[str, dict[str, int]]:
    """Language spoken → language named → clips, by a household known by two dozen German recordings.

    Both halves: the prior has one number (``engine.AT_HOME``), and other languages have few clips.
    """
    clips = [c for half in ("tune", "report") for c in real(half) if c.language not in ("", "en")]
    given = [Clip(c.samples) for c in clips]
    heard = ours.engine.hear_language(given)
    german = [h for c, h in zip(clips, heard, strict=True) if c.language == "de"]
    choice = LanguageChoice(prior=household_prior(german[:_HOUSEHOLD]))
    named: dict[str, dict[str, int]] = {}
    for clip, one in zip(clips, heard, strict=True):
        row = named.setdefault(clip.language, {})
        language, _ = choice.decide(one)
        row[language] = row.get(language, 0) + 1
    say(f"languages in a German household, spoken → named: {named}")
    return named


def _counts(recordings: Sequence[Joined], heard: Sequence[Heard], once: Sequence[str]) -> dict[str, int]:
    """Utterances that one reading has; of those it lost: found, misheard, missed, flagged where missed."""
    row = dict.fromkeys(("utterances", "by_one_reading", *_LOST, "words_for_noise"), 0)
    for one, ours, text in zip(recordings, heard, once, strict=True):
        for spoken, start, end in one.said:
            row["utterances"] += 1
            if _is_found(spoken.text, text):
                row["by_one_reading"] += 1
            elif _is_found(spoken.text, ours.text):
                row["found"] += 1
            elif sum(start <= w.end_s <= end for w in ours.words) >= MISHEARD * len(spoken.text.split()):
                row["misheard"] += 1
            else:
                row["missed"] += 1
                row["flagged"] += any(a < end and start < b for a, b in ours.unread)
        if one.kind == "beside a noise":
            row["words_for_noise"] += bool(ours.again)
    return row


def _is_found(said: str, text: str) -> bool:
    """Whether some words of a text in a row are those that were said, or nearly."""
    wanted, words = plain_words(said), plain_words(text)
    lengths = range(max(len(wanted) - 1, 1), len(wanted) + 3)
    parts = (words[k : k + n] for n in lengths for k in range(max(len(words) - n, 0) + 1))
    return any(agreement(" ".join(wanted), " ".join(part)) >= FOUND for part in parts)
