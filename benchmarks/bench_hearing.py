"""Hearing, beside its peers in the same run: speed, words, leaks, inventions, silences, confidence.

    make bench-hearing                                  about 16 minutes on two quiet cores
    make bench-hearing BENCH_ARGS="--bundle 1700"       the whole bundle instead of a tenth of it: about 26
    make bench-hearing BENCH_ARGS="--race 1 --wer 4 --real 4 --bundle 8 --stretches 2"   whether all runs
    make bench-hearing BENCH_ARGS="--only stretches"    speech without words and languages alone: about 3

Peers get the same arrays and weights. openai-whisper runs as its command line does (language found, beam 5,
temperatures up to 1). faster-whisper runs one clip at a time in 30 s windows with beam 5 and is told the
language, which spares it a second pass; ours finds the language and times the words. The recipes take turns
on three sets of clips, and the median of the three ratios counts. Real clips are the half on which nothing
was tuned; synthesised commands have another seed than those used for tuning. Everything is printed as soon
as it is measured; the last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hearing_measures import Heard, compare, errors, normaliser, reliability
from benchmarks.hearing_recipes import (
    BEAM,
    GREEDY,
    OPENAI,
    OURS,
    SEED,
    OneByOne,
    Openai,
    Ours,
    Recipe,
    in_own_process,
    race,
    say,
)
from benchmarks.hearing_stretches import stretches
from fitting.material.hearing import (
    SHORT,
    WAKE,
    Spoken,
    made_noise,
    real,
    short_commands,
    synthetic,
    takes,
    write_bundle,
)
from forensics.transcription.evidence import is_wake_word

_FEW = 20
"""Real clips of a language, below which chance in single words decides."""

# -- words that are not there, and words that are ----------------------------------------------------------


def leaks(ours: Ours, clips: Sequence[Spoken]) -> tuple[int, int]:
    """Words that a clip has only beside its neighbours, and texts that changed at all."""
    together = [h.reading.text if h.reading else "" for h in ours.hear(clips)]
    alone = [h.reading.text if h.reading else "" for clip in clips for h in ours.hear([clip])]
    words = normaliser()
    everything = {w for text in alone for w in words(text, "en")}
    count = sum(
        len((set(words(t, "en")) - set(words(a, "en"))) & everything)
        for t, a in zip(together, alone, strict=True)
    )
    return count, sum(t != a for t, a in zip(together, alone, strict=True))


def count_texts(
    label: str, clips: Sequence[Spoken], texts: Sequence[str], *, wanted: bool, show: int = 30
) -> int:
    """How many clips have a text although they should not, or none although they should; prints which."""
    wrong = [(c.name, t) for c, t in zip(clips, texts, strict=True) if bool(t) != wanted]
    say(f"  {label:<46} {len(wrong):>3} of {len(clips)}  {wrong[:show]}")
    return len(wrong)


def silences(ours: Ours, spoken: list[Spoken], heard: list[Heard]) -> dict[str, int]:
    """False silences on speech: as recorded, 30 dB quieter, and of one or two words."""
    quiet = [replace(c, samples=(c.samples * 10 ** (-30 / 20)).astype(np.float32)) for c in spoken[::2]]
    short = [c for language in ("en", "de") for c in short_commands(language, SHORT[language], seed=SEED)]
    return {
        "false_silences": count_texts(
            "no text for speech", spoken, [h.judgement.text for h in heard], wanted=True
        ),
        "false_silences_of": len(spoken),
        "false_silences_30_db_quieter": count_texts(
            "no text for speech, 30 dB quieter", quiet, ours(quiet), wanted=True
        ),
        "quieter_of": len(quiet),
        "false_silences_short_commands": count_texts(
            "no text for synthesised short commands", short, ours(short), wanted=True
        ),
        "short_commands": len(short),
    }


def inventions(ours: Ours, theirs: Recipe) -> dict[str, int]:
    """Words for sounds without speech, and for wake words alone."""
    noise = [c for half in ("tune", "report") for c in real(half) if c.kind == "nonspeech"]
    made = made_noise(seed=SEED)
    awake = [c for c in real("report") if is_wake_word(c.text)]
    woken = [c for language in ("en", "de") for c in short_commands(language, WAKE, seed=SEED + 1)]
    return {
        "nonspeech": len(noise),
        "nonspeech_with_words": count_texts("words for real noise", noise, ours(noise), wanted=False),
        "nonspeech_with_words_one_by_one": count_texts(
            "words for real noise, one by one", noise, theirs(noise), wanted=False
        ),
        "made_noise": len(made),
        "made_noise_with_words": count_texts("words for made noise", made, ours(made), wanted=False),
        "wake_word_only": len(awake),
        "wake_word_only_with_words": count_texts("words for a wake word", awake, ours(awake), wanted=False),
        "wake_word_synthetic": len(woken),
        "wake_word_synthetic_with_words": count_texts(
            "words for a synthesised wake word", woken, ours(woken), wanted=False
        ),
    }


def languages_heard(clips: Sequence[Spoken], heard: Sequence[Heard]) -> dict[str, dict[str, int]]:
    """Language spoken → language heard → clips, without any prior of a household."""
    found: dict[str, dict[str, int]] = {}
    for clip, h in zip(clips, heard, strict=True):
        if h.reading is not None:
            row = found.setdefault(clip.language, {})
            row[h.reading.language] = row.get(h.reading.language, 0) + 1
    return found


# -- the run -----------------------------------------------------------------------------------------------


def word_errors(
    ours: Ours, theirs: Recipe, language: str, made: list[Spoken], limit: int
) -> tuple[dict[str, Any], list[Spoken], list[Heard]]:
    """Paired differences in one language, and what ours made of the real clips.

    Real clips of the reporting half and synthesised commands; where real clips are few (German), the tuning
    half and four takes of each clip beside them.
    """
    report, tune = (_spoken(half, language)[:limit] for half in ("report", "tune"))
    answer: dict[str, Any] = {}
    heard = ours.hear(report)
    real_sums = _sums(report, [h.judgement.text for h in heard], theirs(report))
    answer[f"wer_{language}_real"] = compare(f"{language} real", *real_sums)
    made_sums = _sums(made, ours(made), theirs(made))
    answer[f"wer_{language}_synthetic"] = compare(f"{language} synthesised", *made_sums)
    both = [np.concatenate(pair) for pair in zip(real_sums, made_sums, strict=True)]
    row = compare(f"{language} real and synthesised", *both)
    answer |= {f"wer_{language}": row["ours"], f"wer_{language}_one_by_one": row["one_by_one"]}
    answer[f"wer_{language}_difference"] = row["difference"]
    if len(report) < _FEW:
        several = [take for clip in report for take in takes(clip, seed=SEED)]
        sums = [
            column.reshape(len(report), -1).sum(axis=1)
            for column in _sums(several, ours(several), theirs(several))
        ]
        answer[f"wer_{language}_takes"] = compare(f"{language} real, four takes each", *sums)
        tune_sums = _sums(tune, ours(tune), theirs(tune))
        answer[f"wer_{language}_tuning_half"] = compare(f"{language} real, tuning half", *tune_sums)
    return answer, report, heard


def _sums(
    clips: list[Spoken], mine: Sequence[str], other: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Word errors of ours and of the other, and words said, per clip."""
    wrong, said = errors(clips, mine)
    return wrong, errors(clips, other)[0], said


def _spoken(half: str, *languages: str) -> list[Spoken]:
    return [c for c in real(half) if c.text and c.language in languages and not is_wake_word(c.text)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--race", type=int, default=6, help="clips per round and kind in the race (3 rounds, 3 kinds)"
    )
    parser.add_argument(
        "--wer", type=int, default=75, help="synthesised English commands; twice as many German ones"
    )
    parser.add_argument("--real", type=int, default=200, help="real clips per language at most")
    parser.add_argument("--bundle", type=int, default=170, help="recordings in the bundle; 0 leaves it out")
    parser.add_argument("--stretches", type=int, default=24, help="joined recordings per kind")
    parser.add_argument("--only", choices=("stretches",), help="one part alone")
    arguments = parser.parse_args()
    started = time.perf_counter()
    answer: dict[str, Any] = {"cores": len(os.sched_getaffinity(0))}
    ours = Ours()
    if arguments.only == "stretches":
        print(json.dumps(answer | stretches(ours, arguments.stretches)))
        return
    # Pico is heard worse than Piper, so that single clips weigh more: more of them narrow the interval
    counts = {"en": arguments.wer, "de": 2 * arguments.wer}
    made = {
        language: synthetic(language, max(count, 3 * arguments.race), seed=SEED + 1)
        for language, count in counts.items()
    }
    size = arguments.race
    short = [c for c in _spoken("report", "en", "de") if 1 <= c.seconds <= 9]
    rounds = [short[k::3][:size] + made["en"][k::3][:size] + made["de"][k::3][:size] for k in range(3)]
    theirs = OneByOne(ours.engine._whisper)
    say("speed, the recipes in turn:")
    recipes = race(
        {OURS: ours, BEAM: theirs, GREEDY: OneByOne(theirs.model, beam=1), OPENAI: Openai()}, rounds
    )
    columns = ("wall_s", "cpu_s", "real_time_factor", "wer_en", "wer_de", "peak_mb")
    say(f"{'recipe':<42}" + "".join(f"{c:>18}" for c in columns) + "  we are faster: wall, CPU")
    for name, row in recipes.items():
        row["peak_mb"] = round(in_own_process("memory", name))
        figures = "".join(f"{row[c]:>18}" for c in columns)
        say(f"{name:<42}{figures}  {row['speedup_wall']}, {row['speedup_cpu']}")
    answer |= {
        "speedup_vs_openai": recipes[OPENAI]["speedup_wall"],
        "speedup_vs_openai_cpu": recipes[OPENAI]["speedup_cpu"],
        "speedup_vs_faster_whisper": recipes[BEAM]["speedup_wall"],
        "speedup_vs_faster_whisper_cpu": recipes[BEAM]["speedup_cpu"],
        "recipes": recipes,
    }

    say("word error rate, ours against faster-whisper one by one, difference with 95 % interval:")
    spoken: list[Spoken] = []
    heard: list[Heard] = []
    for language in ("en", "de"):
        found, clips, of_clips = word_errors(
            ours, theirs, language, made[language][: counts[language]], arguments.real
        )
        answer |= found
        spoken += clips
        heard += of_clips

    say("texts where there should be none, and none where there should be:")
    answer |= inventions(ours, theirs) | silences(ours, spoken, heard)
    noise = [c for c in real("tune") if c.kind == "nonspeech"]
    planted = [*noise[:8], *made["en"][:8], *made["de"][:8], *short[:8]]
    order = np.random.default_rng(SEED).permutation(len(planted))
    answer["leaks"], answer["texts_changed_by_neighbours"] = leaks(ours, [planted[i] for i in order])
    say(f"  leaks: {answer['leaks']} words, {answer['texts_changed_by_neighbours']} texts changed by "
        f"neighbours, of {len(planted)}")  # fmt: skip
    others = [c for half in ("tune", "report") for c in real(half) if c.language in ("fr", "es", "pt")]
    answer["languages"] = languages_heard([*spoken, *others], [*heard, *ours.hear(others)])
    say(f"languages, spoken → heard: {answer['languages']}")
    answer |= stretches(ours, arguments.stretches)
    say("confidence, on clips that nothing was fitted on:")
    answer["reliability"] = reliability(spoken, heard)

    if arguments.bundle:
        with tempfile.TemporaryDirectory() as folder:
            write_bundle(arguments.bundle, Path(folder), seed=SEED)
            whole = in_own_process("bundle", folder)
        minutes = whole["wall_s"] / whole["clips"] * 1700 / 60
        answer |= {"bundle": whole, "minutes_1700": round(minutes, 2), "peak_mb": whole["peak_mb"]}
        say(f"bundle: {whole['clips']} recordings in {whole['wall_s']:.0f} s wall, {whole['cpu_s']:.0f} s "
            f"CPU, at most {whole['peak_mb']:.0f} MB; 1,700 take {minutes:.1f} min")  # fmt: skip
    say(f"the run took {(time.perf_counter() - started) / 60:.1f} min")
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
