"""What the hearing benchmark compares: recipes, their turns, their memory, and the two stages on a bundle.

Run as a script, it measures one recipe's memory or one bundle in a process of its own.
"""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.hearing_measures import Heard, rate
from fitting.material.hearing import Spoken, real
from forensics.models import weights as models
from forensics.transcription.engine import Clip, LanguageChoice
from forensics.transcription.evidence import Judgement
from forensics.transcription.faster_whisper import FasterWhisper
from forensics.transcription.files import UNINFORMED
from forensics.transcription.hearing import hear
from forensics.transcription.listening import listen

SEED = 23
Recipe = Callable[[Sequence[Spoken]], list[str]]


class Ours:
    """Voice activity, transcription and flags."""

    def __init__(self) -> None:
        self.engine = FasterWhisper(models.load("base"))

    def hear(self, clips: Sequence[Spoken], languages: LanguageChoice = UNINFORMED) -> list[Heard]:
        heard = [Heard(None, Judgement("", ("no_speech", "empty")))] * len(clips)
        audible: list[tuple[int, Clip]] = []
        for index, clip in enumerate(clips):
            if listened := listen(clip.samples):
                audible.append((index, listened))
        found = hear(self.engine, [clip for _, clip in audible], languages)
        for (index, _), all_of_it in zip(audible, found, strict=True):
            judgement = Judgement(all_of_it.text, all_of_it.flags)
            heard[index] = Heard(all_of_it.reading, judgement)
        return heard

    def __call__(self, clips: Sequence[Spoken]) -> list[str]:
        return [h.judgement.text for h in self.hear(clips)]


class OneByOne:
    """faster-whisper as its README uses it, told the language."""

    def __init__(self, model: Any = None, beam: int = 5) -> None:
        self.model = model or FasterWhisper(models.load("base"))._whisper
        self.beam = beam

    def __call__(self, clips: Sequence[Spoken]) -> list[str]:
        texts = []
        for clip in clips:
            segments, _ = self.model.transcribe(
                clip.samples, beam_size=self.beam, language=clip.language or "en"
            )
            texts.append(" ".join(s.text.strip() for s in segments))
        return texts


class Openai:
    """`whisper.transcribe` with the defaults of its command line."""

    def __init__(self) -> None:
        from forensics.transcription.openai_whisper import OpenaiWhisper

        self.model = OpenaiWhisper(models.load("base"))._whisper

    def __call__(self, clips: Sequence[Spoken]) -> list[str]:
        import whisper

        options = {"beam_size": 5, "best_of": 5, "fp16": False}
        return [whisper.transcribe(self.model, clip.samples, **options)["text"].strip() for clip in clips]


OURS, BEAM, GREEDY, OPENAI = (
    "faster-whisper, tight windows (ours)",
    "faster-whisper, one by one, beam 5",
    "faster-whisper, one by one, greedy",
    "openai-whisper, command line's defaults",
)
RECIPES: dict[str, Callable[[], Recipe]] = {
    OURS: Ours,
    BEAM: OneByOne,
    GREEDY: lambda: OneByOne(beam=1),
    OPENAI: Openai,
}


# -- speed and memory --------------------------------------------------------------------------------------


def race(recipes: dict[str, Recipe], rounds: list[list[Spoken]]) -> dict[str, Any]:
    """Each recipe on each set of clips, the order of recipes turning from set to set."""
    wall: dict[str, list[float]] = {name: [] for name in recipes}
    cpu: dict[str, list[float]] = {name: [] for name in recipes}
    texts: dict[str, list[str]] = {name: [] for name in recipes}
    for recipe in recipes.values():
        recipe(rounds[0][:1])  # what is done once (kernels, silence) is not counted for anybody
    names = list(recipes)
    for number, clips in enumerate(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            started, busy = time.perf_counter(), time.process_time()
            texts[name] += recipes[name](clips)
            wall[name].append((time.perf_counter() - started) / len(clips))
            cpu[name].append((time.process_time() - busy) / len(clips))
            say(f"  {number + 1}: {name:<42} {wall[name][-1]:.2f} s wall, {cpu[name][-1]:.2f} s CPU a clip")
    clips = [clip for part in rounds for clip in part]
    length = sum(clip.seconds for clip in clips) / len(clips)
    result: dict[str, Any] = {}
    for name in names:
        result[name] = {
            "wall_s": round(float(np.median(wall[name])), 3),
            "cpu_s": round(float(np.median(cpu[name])), 3),
            "real_time_factor": round(float(np.median(wall[name])) / length, 3),
            "clips": len(clips),
        }
        for language in ("en", "de"):
            chosen = [i for i, clip in enumerate(clips) if clip.language == language]
            result[name][f"wer_{language}"] = rate(
                [clips[i] for i in chosen], [texts[name][i] for i in chosen]
            )
        for kind, times in (("wall", wall), ("cpu", cpu)):
            ratios = [theirs / mine for theirs, mine in zip(times[name], times[names[0]], strict=True)]
            result[name][f"speedup_{kind}"] = round(float(np.median(ratios)), 2)
    return result


def peak_of(recipe: str) -> float:
    """Peak memory in MB of a process that loads one recipe and reads eight clips."""
    rng = np.random.default_rng(SEED)
    clips = [Spoken("", (0.1 * rng.standard_normal(5 * 16_000)).astype(np.float32), "", "", "nonspeech")]
    spoken = [c for c in real("tune") if c.text and 2 <= c.seconds <= 8][:7]
    RECIPES[recipe]()([*clips, *spoken])
    return _peak_mb("self")


def bundle(folder: Path) -> dict[str, float]:
    """The audio and transcription stages on a case of WAV files, as an investigation runs them."""
    from forensics import Case
    from forensics.case.ids import make_id
    from forensics.corridor.pipeline import STAGES
    from forensics.corridor.progress import Silent
    from forensics.corridor.runner import _run_stage, stage_key

    times: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as home:
        case = Case.create(Path(home) / "case")
        rows = []
        for file in sorted(folder.iterdir()):
            with file.open("rb") as stream:
                sha256, _ = case.add_evidence(stream)
            rows.append({
                "recording_id": make_id("rec", "one", sha256), "data_subject_group": "one", "sha256": sha256,
                "occurrences": 1, "started_at_basis": "unknown",
            })  # fmt: skip
        case.write_table("recordings", rows)
        cpu = _cpu_s()
        with _Children() as decoders:
            for stage in STAGES:
                if stage.name in ("audio", "transcription"):
                    started = time.perf_counter()
                    _run_stage(case, stage, stage_key(case, stage), Silent())
                    times[f"{stage.name}_s"] = round(time.perf_counter() - started, 1)
        table = case.frame("transcripts")
    return {
        "clips": len(rows),
        **times,
        "wall_s": round(sum(times.values()), 1),
        "cpu_s": round(_cpu_s() - cpu, 1),
        # the decoder is a process of its own: both peaks together are an upper bound
        "peak_mb": round(_peak_mb("self") + max(decoders.peaks.values(), default=0.0)),
        "empty": int((table.text == "").sum()),
        "errors": int(table.error.notna().sum()),
    }


def _cpu_s() -> float:
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def _peak_mb(process: str) -> float:
    """High-water mark of a process's memory; getrusage's would be that of the parent which started it."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


class _Children:
    """Peaks of this process's children, looked at five times a second, since they are gone at the end."""

    def __init__(self) -> None:
        self.peaks: dict[int, float] = {}
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look)

    def __enter__(self) -> _Children:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(OSError):
                    self.peaks[child.pid] = _peak_mb(str(child.pid))


def in_own_process(*arguments: str) -> Any:
    """What this file prints as its last line in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, "-m", "benchmarks.hearing_recipes", *arguments]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(found.stdout.splitlines()[-1])


def say(line: str) -> None:
    """Print at once: the run is long, and what is measured is measured."""
    print(line, flush=True)


if __name__ == "__main__":
    task, of = sys.argv[1:]
    print(json.dumps(bundle(Path(of)) if task == "bundle" else peak_of(of)))
