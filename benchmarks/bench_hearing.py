"""Hearing, beside its peers in the same run: speed, words, leaks, inventions, silences, confidence.

    make bench-hearing                                  about ten minutes on two quiet cores
    make bench-hearing BENCH_ARGS="--bundle 1700"       the whole bundle instead of a tenth of it

Peers get the same arrays and weights. openai-whisper runs as its command line does (language found, beam 5,
temperatures up to 1). faster-whisper runs one clip at a time in 30 s windows with beam 5 and is told the
language, which spares it a second pass; ours finds the language and times the words. The three take turns
on three sets of clips, and the median of the three ratios counts. Real clips are the half on which nothing
was tuned; synthesised commands have another seed than those used for tuning. The last line is JSON.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from hearing_material import RATE, Spoken, add_noise, real, synthetic

from forensics import models
from forensics.audio.measure import speech_activity
from forensics.transcription.confidence import utterance_confidence, word_confidence
from forensics.transcription.engine import Clip, Reading
from forensics.transcription.evidence import Judgement, is_wake_word, judge
from forensics.transcription.faster_whisper import FasterWhisper
from forensics.transcription.files import UNINFORMED

SEED = 23


@dataclass(frozen=True)
class Heard:
    """What one recipe made of a clip; None where nothing was read."""

    reading: Reading | None
    judgement: Judgement


class Ours:
    """Voice activity, transcription and flags."""

    def __init__(self) -> None:
        self.engine = FasterWhisper(models.load("base"))

    def hear(self, clips: Sequence[Spoken]) -> list[Heard]:
        heard = [Heard(None, Judgement("", ("no_speech", "empty")))] * len(clips)
        audible: list[tuple[int, Clip]] = []
        for index, clip in enumerate(clips):
            speech = speech_activity(clip.samples)
            if speech.spans:
                audible.append((index, Clip(clip.samples, speech.spans, speech.probability)))
        readings = self.engine.read([clip for _, clip in audible], UNINFORMED)
        for (index, clip), reading in zip(audible, readings, strict=True):
            heard[index] = Heard(reading, judge(reading, clip))
        return heard

    def __call__(self, clips: Sequence[Spoken]) -> list[str]:
        return [h.judgement.text for h in self.hear(clips)]

    def one_by_one(self, clips: Sequence[Spoken]) -> list[str]:
        return [
            " ".join(s.text.strip() for s in self.engine._whisper.transcribe(
                clip.samples, beam_size=5, language=clip.language or "en"
            )[0])
            for clip in clips
        ]  # fmt: skip


class Openai:
    """`whisper.transcribe` with the defaults of its command line."""

    def __init__(self) -> None:
        from forensics.transcription.openai_whisper import OpenaiWhisper

        self.model = OpenaiWhisper(models.load("base"))._whisper

    def __call__(self, clips: Sequence[Spoken]) -> list[str]:
        import whisper

        options = {"beam_size": 5, "best_of": 5, "fp16": False}
        return [whisper.transcribe(self.model, clip.samples, **options)["text"].strip() for clip in clips]


# -- measures ----------------------------------------------------------------------------------------------


def normaliser() -> Callable[[str, str], list[str]]:
    """Words as Whisper's own evaluation counts them."""
    from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

    english, other = EnglishTextNormalizer(), BasicTextNormalizer()
    return lambda text, language: (english if language == "en" else other)(text).split()


def errors(clips: Sequence[Spoken], texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Word errors and reference words per clip."""
    from rapidfuzz.distance import Levenshtein

    words = normaliser()
    wrong, said = [], []
    for clip, text in zip(clips, texts, strict=True):
        reference = words(clip.text, clip.language)
        wrong.append(Levenshtein.distance(reference, words(text, clip.language)))
        said.append(len(reference))
    return np.array(wrong), np.array(said)


def paired(ours: np.ndarray, theirs: np.ndarray, said: np.ndarray) -> tuple[float, float, float]:
    """Difference of word error rates with its 95 % bootstrap interval over clips."""
    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(said), (4000, len(said)))
    differences = (ours - theirs)[draws].sum(axis=1) / said[draws].sum(axis=1)
    low, high = np.percentile(differences, [2.5, 97.5])
    return float((ours - theirs).sum() / said.sum()), float(low), float(high)


def calibration_error(predicted: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over bins of equal count."""
    order = np.argsort(predicted)
    parts = [p for p in np.array_split(order, bins) if len(p)]
    return float(sum(len(p) * abs(predicted[p].mean() - right[p].mean()) for p in parts) / len(order))


def _luck(predicted: np.ndarray) -> float:
    """The calibration error that so few clips show by chance when every probability is true."""
    rng = np.random.default_rng(0)
    drawn = (rng.random((200, len(predicted))) < predicted).astype(float)
    return float(np.mean([calibration_error(predicted, row) for row in drawn]))


def timed(
    work: Callable[[Sequence[Spoken]], list[str]], clips: Sequence[Spoken]
) -> tuple[list[str], float, float]:
    """Texts, wall seconds and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    texts = work(clips)
    return texts, time.perf_counter() - wall, time.process_time() - cpu


# -- parts of the benchmark --------------------------------------------------------------------------------


def race(
    recipes: dict[str, Callable[[Sequence[Spoken]], list[str]]], rounds: list[list[Spoken]]
) -> dict[str, Any]:
    """Each recipe on each set of clips, the order of recipes turning from set to set."""
    wall: dict[str, list[float]] = {name: [] for name in recipes}
    cpu: dict[str, list[float]] = {name: [] for name in recipes}
    texts: dict[str, list[str]] = {name: [] for name in recipes}
    for recipe in recipes.values():
        recipe(rounds[0][:1])  # what is done once (kernels, silence) is not counted for anybody
    names = list(recipes)
    for number, clips in enumerate(rounds):
        for name in names[number:] + names[:number]:
            found, seconds, busy = timed(recipes[name], clips)
            wall[name].append(seconds / len(clips))
            cpu[name].append(busy / len(clips))
            texts[name] += found
    clips = [clip for part in rounds for clip in part]
    length = sum(clip.seconds for clip in clips) / len(clips)
    result = {}
    for name in names:
        wrong, said = errors(clips, texts[name])
        result[name] = {
            "wall_s": round(float(np.median(wall[name])), 3),
            "cpu_s": round(float(np.median(cpu[name])), 3),
            "real_time_factor": round(float(np.median(wall[name])) / length, 3),
            "wer": round(float(wrong.sum() / said.sum()), 3),
            "clips": len(clips),
        }
    for name in names[1:]:
        for kind, times in (("wall", wall), ("cpu", cpu)):
            ratios = [theirs / ours for theirs, ours in zip(times[name], times[names[0]], strict=True)]
            result[name][f"speedup_{kind}"] = round(float(np.median(ratios)), 2)
    return result


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


def made_noise() -> list[Spoken]:
    """Silence, hiss, hum and plain music of several levels: nobody speaks."""
    rng = np.random.default_rng(SEED)
    t = np.arange(5 * RATE) / RATE
    clips = []
    for level in (0.001, 0.02, 0.2):
        chord = sum(np.sin(2 * np.pi * f * t) for f in (220.0, 277.2, 329.6)) * np.exp(-2 * (t % 0.6)) / 3
        sounds = {
            "hiss": rng.standard_normal(len(t)),
            "pink": add_noise(np.full(len(t), 1e-3, np.float32), -40, rng) * 4,
            "hum": np.sin(2 * np.pi * 50 * t) + 0.3 * np.sin(2 * np.pi * 150 * t),
            "music": chord,
        }
        clips += [
            Spoken(f"{n}-{level}", (level * s).astype(np.float32), "", "", "nonspeech")
            for n, s in sounds.items()
        ]
    return [*clips, Spoken("digital silence", np.zeros(3 * RATE, np.float32), "", "", "nonspeech")]


def bundle(count: int) -> dict[str, float]:
    """The audio and transcription stages on a case of `count` recordings, as an investigation runs them."""
    from forensics import Case
    from forensics.ids import make_id
    from forensics.pipeline import STAGES
    from forensics.progress import Silent
    from forensics.runner import _run_stage, stage_key

    rng = np.random.default_rng(SEED)
    source = synthetic("en", 60, seed=SEED) + synthetic("de", 60, seed=SEED)
    with tempfile.TemporaryDirectory() as folder:
        case = Case.create(Path(folder) / "case")
        rows = []
        for number in range(count):
            clip = source[number % len(source)]
            sha256, _ = case.add_evidence(io.BytesIO(_wav(add_noise(clip.samples, 40, rng))))
            recording_id = make_id("rec", "one", sha256)
            rows.append({
                "recording_id": recording_id, "data_subject_group": "one", "sha256": sha256, "occurrences": 1,
                "started_at_basis": "unknown",
            })  # fmt: skip
        case.write_table("recordings", rows)
        wall, cpu = time.perf_counter(), time.process_time()
        for stage in STAGES:
            if stage.name in ("audio", "transcription"):
                _run_stage(case, stage, stage_key(case, stage), Silent())
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        empty = int((case.table("transcripts").text == "").sum())
    cpu += sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"clips": count, "wall_s": wall, "cpu_s": cpu, "peak_mb": peak, "empty": empty}


def _wav(samples: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def reliability(clips: Sequence[Spoken], heard: Sequence[Heard]) -> dict[str, float]:
    """Calibration of word and utterance confidence on clips that nothing was fitted on."""
    from rapidfuzz.distance import Levenshtein

    words = normaliser()
    single: list[tuple[float, bool]] = []
    whole: list[tuple[float, bool]] = []
    for clip, h in zip(clips, heard, strict=True):
        if h.reading is None or not h.reading.words:
            continue
        owners = [(t, i) for i, w in enumerate(h.reading.words) for t in words(w.word, clip.language)]
        wrong = {
            owners[op.src_pos][1]
            for op in Levenshtein.editops([t for t, _ in owners], words(clip.text, clip.language))
            if op.tag != "insert" and op.src_pos < len(owners)
        }
        single += [(word_confidence(w, h.reading), i not in wrong) for i, w in enumerate(h.reading.words)]
        right = words(h.reading.text, clip.language) == words(clip.text, clip.language)
        whole.append((utterance_confidence(h.reading), right))
    result: dict[str, float] = {}
    for name, pairs in (("word", single), ("utterance", whole)):
        predicted, right = np.array([p for p, _ in pairs]), np.array([float(r) for _, r in pairs])
        result |= {
            f"{name}_n": len(pairs),
            f"{name}_ece": round(calibration_error(predicted, right), 3),
            f"{name}_ece_of_a_perfect_forecast": round(_luck(predicted), 3),
            f"{name}_brier": round(float(((predicted - right) ** 2).mean()), 3),
        }
        for part in np.array_split(np.argsort(predicted), 5):
            print(
                f"  {name:<10} predicted {predicted[part].mean():.2f}"
                f"  right {right[part].mean():.2f}  n {len(part)}"
            )
    return result


# -- the run -----------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--race", type=int, default=6, help="clips per round and kind in the race (3 rounds, 3 kinds)"
    )
    parser.add_argument("--wer", type=int, default=100, help="synthesised commands per language")
    parser.add_argument("--bundle", type=int, default=170, help="recordings in the bundle")
    parser.add_argument("--only-bundle", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only_bundle:
        print(json.dumps(bundle(arguments.bundle)))
        return
    # a process of its own, so that its peak memory is its own
    command = [sys.executable, __file__, "--only-bundle", "--bundle", str(arguments.bundle)]
    whole = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    )
    minutes = whole["wall_s"] / whole["clips"] * 1700 / 60
    print(f"bundle: {whole['clips']} recordings in {whole['wall_s']:.0f} s wall, {whole['cpu_s']:.0f} s CPU, "
          f"peak {whole['peak_mb']:.0f} MB; 1,700 take {minutes:.1f} min")  # fmt: skip

    ours = Ours()
    report = real("report")
    spoken = [c for c in report if c.text and c.language in ("en", "de") and not is_wake_word(c.text)]
    made = {language: synthetic(language, arguments.wer, seed=SEED + 1) for language in ("en", "de")}
    size = arguments.race
    real_short = [c for c in spoken if 1 <= c.seconds <= 9]
    rounds = [real_short[k::3][:size] + made["en"][k::3][:size] + made["de"][k::3][:size] for k in range(3)]
    recipes = race(
        {"ours": ours, "faster-whisper one by one": ours.one_by_one, "openai-whisper": Openai()}, rounds
    )
    print(f"{'recipe':<28}{'wall s/clip':>12}{'CPU s/clip':>12}{'x real time':>12}{'WER':>8}  we are faster")
    for name, row in recipes.items():
        faster = f"{row['speedup_wall']} / {row['speedup_cpu']}" if "speedup_wall" in row else ""
        print(
            f"{name:<28}{row['wall_s']:>12}{row['cpu_s']:>12}{row['real_time_factor']:>12}{row['wer']:>8}{faster:>26}"
        )

    answer: dict[str, Any] = {
        "speedup_vs_openai": recipes["openai-whisper"]["speedup_wall"],
        "speedup_vs_openai_cpu": recipes["openai-whisper"]["speedup_cpu"],
        "speedup_vs_faster_whisper": recipes["faster-whisper one by one"]["speedup_wall"],
        "speedup_vs_faster_whisper_cpu": recipes["faster-whisper one by one"]["speedup_cpu"],
        "minutes_1700": round(minutes, 2),
        "bundle": whole,
        "peak_mb": round(whole["peak_mb"]),
        "recipes": recipes,
    }
    print("word error rate, ours against one by one, difference with 95 % interval:")
    heard_real = ours.hear(spoken)
    for language in ("en", "de"):
        parts = {"real": [c for c in spoken if c.language == language], "synthetic": made[language]}
        totals: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        for kind, clips in parts.items():
            mine, said = errors(clips, ours(clips))
            theirs, _ = errors(clips, ours.one_by_one(clips))
            totals.append((mine, theirs, said))
            answer[f"wer_{language}_{kind}"] = _compare(f"{language} {kind}", mine, theirs, said)
        mine, theirs, said = (np.concatenate(column) for column in zip(*totals, strict=True))
        row = _compare(f"{language} all", mine, theirs, said)
        answer |= {f"wer_{language}": row["ours"], f"wer_{language}_one_by_one": row["one_by_one"]}
        answer[f"wer_{language}_difference"] = row["difference"]

    noise = [c for half in ("tune", "report") for c in real(half) if c.kind == "nonspeech"]
    planted = [*noise[:8], *made["en"][:8], *made["de"][:8], *real_short[:8]]
    order = np.random.default_rng(SEED).permutation(len(planted))
    answer["leaks"], answer["texts_changed_by_neighbours"] = leaks(ours, [planted[i] for i in order])
    invented = [c.name for c, t in zip(noise, ours(noise), strict=True) if t]
    plain = [c.name for c, t in zip(noise, ours.one_by_one(noise), strict=True) if t]
    generated = [c.name for c, t in zip(made_noise(), ours(made_noise()), strict=True) if t]
    silenced = [c.name for c, h in zip(spoken, heard_real, strict=True) if not h.judgement.text]
    quiet = [replace(c, samples=(c.samples * 10 ** (-30 / 20)).astype(np.float32)) for c in spoken[::2]]
    silenced_quiet = [c.name for c, t in zip(quiet, ours(quiet), strict=True) if not t]
    awake = [c for c in report if is_wake_word(c.text)]
    kept = [c.name for c, t in zip(awake, ours(awake), strict=True) if t]
    answer |= {
        "nonspeech": len(noise), "nonspeech_with_words": len(invented),
        "nonspeech_with_words_one_by_one": len(plain),
        "made_noise": len(made_noise()), "made_noise_with_words": len(generated),
        "false_silences": len(silenced), "false_silences_of": len(spoken),
        "false_silences_30_db_quieter": len(silenced_quiet), "quieter_of": len(quiet),
        "wake_word_only": len(awake), "wake_word_only_with_words": len(kept),
    }  # fmt: skip
    print(f"words for noise: {len(invented)} of {len(noise)} clips (one by one {len(plain)}), made noise "
          f"{len(generated)} of {len(made_noise())}: {invented + generated}")  # fmt: skip
    print(f"false silences: {len(silenced)} of {len(spoken)} {silenced}; 30 dB quieter "
          f"{len(silenced_quiet)} of {len(quiet)} {silenced_quiet}")  # fmt: skip
    print(f"wake word alone: {len(kept)} of {len(awake)} keep words {kept}")
    print(
        f"leaks: {answer['leaks']} words, {answer['texts_changed_by_neighbours']} texts changed "
        f"by neighbours, of {len(planted)}"
    )
    answer["reliability"] = reliability(spoken, heard_real)
    answer["cores"] = len(os.sched_getaffinity(0))
    print(json.dumps(answer))


def _compare(name: str, mine: np.ndarray, theirs: np.ndarray, said: np.ndarray) -> dict[str, Any]:
    difference, low, high = paired(mine, theirs, said)
    row = {
        "ours": round(float(mine.sum() / said.sum()), 4),
        "one_by_one": round(float(theirs.sum() / said.sum()), 4),
        "difference": [round(v, 4) for v in (difference, low, high)],
        "clips": len(said),
        "words": int(said.sum()),
    }
    print(f"  {name:<14} {row['ours']:.3f} against {row['one_by_one']:.3f}: {difference:+.3f} [{low:+.3f}, "
          f"{high:+.3f}], {row['clips']} clips, {row['words']} words")  # fmt: skip
    return row


if __name__ == "__main__":
    main()
