"""faster-whisper (CTranslate2) on short clips: encoder windows no longer than the clip needs.

Whisper pads every sound to 30 s, so a command of three seconds pays ten times its length, most of it in the
encoder. CTranslate2's encoder accepts shorter windows, but the decoder was trained to find silence after
the speech: with a tight window alone it does not stop and runs into loops. So the clip is encoded in a tight
window, and what the encoder makes of silence is appended to its output, up to 15 s: computed once per
level, it costs nothing. What is doubtful is read again with more silence, then in a longer window, and a
loop that is still there in the full 30 s. No clip ever shares a window with another.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE
from forensics.errors import ModelError
from forensics.models import weights as models
from forensics.transcription.decoded import reading_of, words_in
from forensics.transcription.engine import (
    BEAM,
    FULL_S,
    Clip,
    LanguageChoice,
    Reading,
    compression_ratio,
)
from forensics.transcription.evidence import is_doubtful, is_loop

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

_STEP_S = 2
"""Tight windows are even numbers of seconds, so that clips can share a call (assumption)."""

_MARGIN_S = 1.0
"""Silence after the clip inside its window: without it the last word is lost now and then (assumption)."""

TIERS = ((8, 15), (8, FULL_S), (16, FULL_S))
"""Least window and memory in seconds, tried in turn while there is doubt. With 4 s windows the word error
rate on short German sentences was .23, with 8 s .19, with 30 s .17; with 10 s of memory loops come back,
with 30 s they are rare; a window of 16 s in 30 s of memory reads as well as one of 30 s. No script of these
trials was kept (``docs/hearing.md``, "Tight windows"); ``make bench-hearing`` prints what came of them."""

_MELS_PER_S, _FRAMES_PER_S = 100, 50
"""Spectra of the encoder's input, and vectors of its output (Radford et al., 2022, section 2.2)."""

_LEVEL_STEP = 0.25
"""Of the log-mel floor, 10 dB: silence is encoded once per step (assumption)."""

_LANGUAGE_S = 13
"""Seconds in which the language is heard: with the margin they fit into the first tier (assumption)."""

_BATCH, _BATCH_GPU = 8, 64
"""Clips of a call (assumptions: more gain little on two processors; on a GPU it was not measured)."""

_TOKENS_PER_S, _START, _MOST_TOKENS = 12, 4, 440
"""Nobody speaks faster, more is a loop (assumption); tokens before the text, and after them what remains of
Whisper's 448 positions."""

_PREPENDED, _APPENDED = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"  # Whisper's own defaults


class FasterWhisper:
    """The engine.

    Parameters
    ----------
    weights : Weights
        Verified, in CTranslate2's layout.
    exact : bool
        One by one in full 30 s windows, beam 5.
    threads : int
        0 takes as many as ``FORENSICS_THREADS`` says, else all cores. Results do not depend on it.
    """

    name = "faster-whisper"

    def __init__(self, weights: models.Weights, *, exact: bool = False, threads: int = 0) -> None:
        if weights.layout != "ctranslate2":
            raise ModelError(
                f"'{weights.name}' is a checkpoint of openai-whisper.",
                "Use --engine openai-whisper, or convert the checkpoint.",
            )
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        self.version = version("faster-whisper")
        self.model = weights.name
        self.model_sha256 = weights.sha256
        self.exact = exact
        self._whisper = _load(weights, threads or _threads())
        self._blas: Any = ThreadpoolController()
        self._batch = _BATCH if self._whisper.model.device == "cpu" else _BATCH_GPU
        self._tokenizers: dict[str, Tokenizer] = {}
        self._silences: dict[float, NDArray[np.float32]] = {}

    def read(self, clips: Sequence[Clip], languages: LanguageChoice) -> list[Reading]:
        """One reading per clip, in order."""
        if self.exact:
            return [self._one_by_one(clip, languages) for clip in clips]
        readings: dict[int, Reading] = {}
        pending = [i for i, clip in enumerate(clips) if clip.seconds <= FULL_S - _MARGIN_S]
        later: list[int] = []
        for number, tier in enumerate(TIERS):
            found = self._all_tight(clips, pending, languages, tier, number)
            for index, reading in found.items():
                before = readings.get(index)
                readings[index] = replace(reading, second=before.text) if before else reading
            again = number > 0
            pending = [i for i in pending if i not in found or is_doubtful(found[i], clips[i], again=again)]
            if number == 0:
                # more silence helps against loops, not against mishearing: that needs the longer window
                later = [i for i in pending if i in found and _is_misheard(found[i], clips[i])]
                pending = [i for i in pending if i not in later]
            elif number == 1:
                pending += later
        for index in pending:
            if is_loop(readings[index]):
                readings[index] = self._in_full(clips[index], languages, readings[index])
        for index, clip in enumerate(clips):
            if index not in readings:
                readings[index] = self._one_by_one(clip, languages)
        return [readings[index] for index in range(len(clips))]

    def hear_language(self, clips: Sequence[Clip]) -> list[dict[str, float]]:
        """Probability of each language, one mapping per clip."""
        found: dict[int, dict[str, float]] = {}
        least, memory_s = TIERS[0]
        cut = [Clip(clip.samples[: _LANGUAGE_S * RATE]) for clip in clips]
        for window, batch in _batches(cut, range(len(cut)), self._batch, least, memory_s):
            memory = self._remember([cut[i] for i in batch], window, memory_s)
            found |= dict(zip(batch, self._languages(memory), strict=True))
        return [found[index] for index in range(len(clips))]

    # -- tight windows -------------------------------------------------------------------------

    def _all_tight(
        self,
        clips: Sequence[Clip],
        indices: Iterable[int],
        languages: LanguageChoice,
        tier: tuple[int, int],
        number: int,
    ) -> dict[int, Reading]:
        """Readings of those of `indices` whose window fits into the memory; words where they are final."""
        least, memory_s = tier
        readings: dict[int, Reading] = {}
        for window, batch in _batches(clips, indices, self._batch, least, memory_s):
            chosen = [clips[i] for i in batch]
            memory = self._remember(chosen, window, memory_s)
            decided = self._decide(memory, languages)
            found = self._decode(chosen, memory, decided)
            last = number == len(TIERS) - 1
            final = [
                row for row, (reading, clip) in enumerate(zip(found, chosen, strict=True))
                if last or not is_doubtful(reading, clip, again=number > 0)
            ]  # fmt: skip
            self._finish(found, final, chosen, memory)
            readings |= dict(zip(batch, found, strict=True))
        return readings

    def _remember(self, clips: Sequence[Clip], window: int, memory_s: int) -> Any:
        """Encoder output of each clip in its window, followed by that of silence up to `memory_s`."""
        features = [self._features(clip, window) for clip in clips]
        encoded = np.asarray(_on_cpu(self._whisper.encode(np.stack(features))))
        length = window * _FRAMES_PER_S
        rest = [self._silence(float(f.min()))[length : memory_s * _FRAMES_PER_S] for f in features]
        joined = np.concatenate([encoded, np.stack(rest).astype(encoded.dtype)], axis=1)
        return _storage(joined)

    def _silence(self, floor: float) -> NDArray[np.float32]:
        """What the encoder makes of 30 s at the floor of a clip's spectrogram."""
        level = round(floor / _LEVEL_STEP) * _LEVEL_STEP
        if level not in self._silences:
            mels = self._whisper.feature_extractor.mel_filters.shape[0]
            flat = np.full((1, mels, FULL_S * _MELS_PER_S), level, np.float32)
            self._silences[level] = np.asarray(_on_cpu(self._whisper.encode(flat)))[0]
        return self._silences[level]

    def _features(self, clip: Clip, window: int) -> NDArray[np.float32]:
        padded = np.pad(clip.samples, (0, window * RATE - len(clip.samples)))
        with self._one_thread():
            features: NDArray[np.float32] = self._whisper.feature_extractor(padded, padding=0)
        return features

    def _one_thread(self) -> Any:
        """numpy's BLAS on one thread: with their number, the spectrogram changes in its last digits.

        A comma of the text can depend on that. CTranslate2 reads the same with any number of threads.
        """
        return self._blas.limit(limits=1, user_api="blas")

    # -- the full window -----------------------------------------------------------------------

    def _in_full(self, clip: Clip, languages: LanguageChoice, before: Reading) -> Reading:
        """The reading in one 30 s window, beside what a tight window had read."""
        memory = self._whisper.encode(self._features(clip, FULL_S))
        found = self._decode([clip], memory, self._decide(memory, languages))
        self._finish(found, [0], [clip], memory)
        return replace(found[0], second=before.text)

    def _one_by_one(self, clip: Clip, languages: LanguageChoice) -> Reading:
        """faster-whisper's own reading: 30 s windows with time tokens, beam 5."""
        head = Clip(clip.samples[: FULL_S * RATE])
        memory = None if languages.forced else self._whisper.encode(self._features(head, FULL_S))
        ((language, probability),) = self._decide(memory, languages)
        with self._one_thread():
            segments, _ = self._whisper.transcribe(
                clip.samples,
                language=language,
                beam_size=BEAM,
                temperature=0.0,  # its fall-back draws at random: two runs would differ
                condition_on_previous_text=False,
                word_timestamps=True,
            )
            found = list(segments)
        text = "".join(s.text for s in found).strip()
        weights = [max(len(s.tokens), 1) for s in found] or [1]
        words = [vars(w) for s in found for w in s.words or ()]
        return Reading(
            text=text,
            language=language,
            language_probability=probability,
            words=words_in(words, clip),
            avg_logprob=min(float(np.average([s.avg_logprob for s in found] or [0.0], weights=weights)), 0.0),
            no_speech_prob=float(np.average([s.no_speech_prob for s in found] or [1.0], weights=weights)),
            compression_ratio=compression_ratio(text),
        )

    # -- decoding ------------------------------------------------------------------------------

    def _decode(
        self, clips: Sequence[Clip], memory: Any, decided: Sequence[tuple[str, float]]
    ) -> list[Reading]:
        tokenizers = [self._tokenizer(language) for language, _ in decided]
        results = self._whisper.model.generate(
            memory,
            [[*t.sot_sequence, t.no_timestamps] for t in tokenizers],
            beam_size=BEAM,
            num_hypotheses=BEAM,
            max_length=_START + min(_TOKENS_PER_S * memory.shape[1] // _FRAMES_PER_S, _MOST_TOKENS),
            suppress_blank=True,
            suppress_tokens=self._suppressed(tokenizers[0]),
            return_scores=True,
            return_no_speech_prob=True,
        )
        return [
            reading_of(tokenizer, result, decision)
            for tokenizer, result, decision in zip(tokenizers, results, decided, strict=True)
        ]

    def _decide(self, memory: Any, languages: LanguageChoice) -> list[tuple[str, float]]:
        """Language and its probability, one per row of the memory."""
        if languages.forced is not None:
            return [languages.decide({})] * (1 if memory is None else memory.shape[0])
        return [languages.decide(heard) for heard in self._languages(memory)]

    def _languages(self, memory: Any) -> list[dict[str, float]]:
        if not self._whisper.model.is_multilingual:
            return [{"en": 1.0}] * memory.shape[0]
        found = self._whisper.model.detect_language(memory)
        return [{token[2:-2]: float(p) for token, p in row} for row in found]

    def _finish(
        self, readings: list[Reading], rows: Sequence[int], clips: Sequence[Clip], memory: Any
    ) -> None:
        """Give the readings in `rows` their words' times, by dynamic time warping of cross-attention."""
        from faster_whisper.transcribe import merge_punctuations

        whole = np.asarray(_on_cpu(memory))
        for row in rows:
            clip, tokenizer = clips[row], self._tokenizer(readings[row].language)
            ids = list(readings[row].tokens)
            # one at a time: in a batch, the padding of shorter texts changes their probabilities
            found = self._whisper.find_alignment(
                tokenizer,
                [ids] if ids else [],
                _storage(whole[row : row + 1]),
                [mels_of(clip)],
            )
            for aligned in found:
                merge_punctuations(aligned, _PREPENDED, _APPENDED)
            readings[row] = replace(readings[row], words=words_in(found[0], clip) if found else ())

    def _tokenizer(self, language: str) -> Tokenizer:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            multilingual = self._whisper.model.is_multilingual
            self._tokenizers[language] = Tokenizer(
                self._whisper.hf_tokenizer, multilingual, task="transcribe", language=language
            )
        return self._tokenizers[language]

    def _suppressed(self, tokenizer: Tokenizer) -> list[int]:
        from faster_whisper.transcribe import get_suppressed_tokens

        return list(get_suppressed_tokens(tokenizer, [-1]) or ())


@lru_cache(maxsize=1)
def shared(model: str, exact: bool) -> FasterWhisper:
    """The engine with these weights, loaded once per process."""
    return FasterWhisper(models.load(model), exact=exact)


def tight_window(clip: Clip) -> int:
    """Seconds of the shortest window that holds a clip and its margin."""
    return math.ceil((clip.seconds + _MARGIN_S) / _STEP_S) * _STEP_S


def mels_of(clip: Clip) -> int:
    """Spectra of a clip for the alignment, which needs two."""
    return max(math.ceil(clip.seconds * _MELS_PER_S), 2)


def _is_misheard(reading: Reading, clip: Clip) -> bool:
    return not is_loop(reading) and is_doubtful(reading, clip, again=True)


def _threads() -> int:
    """As the environment says: a worker among many has one. Else all cores."""
    said = os.environ.get("FORENSICS_THREADS", "")
    return int(said) if said.isdecimal() and int(said) else len(os.sched_getaffinity(0))


def _load(weights: models.Weights, threads: int) -> WhisperModel:
    import ctranslate2
    from faster_whisper import WhisperModel

    gpu = ctranslate2.get_cuda_device_count() > 0
    return WhisperModel(
        weights.name,
        device="cuda" if gpu else "cpu",
        compute_type="float16" if gpu else "int8",
        cpu_threads=threads,
        files=dict(weights.files),
    )


def _storage(array: NDArray[Any]) -> Any:
    import ctranslate2

    return ctranslate2.StorageView.from_array(np.ascontiguousarray(array))


def _on_cpu(view: Any) -> Any:
    """A view that numpy can read."""
    import ctranslate2

    return view if view.device == "cpu" else view.to_device(ctranslate2.Device.cpu)


def _batches(
    clips: Sequence[Clip], indices: Iterable[int], size: int, least: int, memory_s: int
) -> list[tuple[int, list[int]]]:
    """Tight windows and the clips that share a call; what needs more than the memory is in none."""
    windows: dict[int, list[int]] = {}
    for index in sorted(indices, key=lambda i: (len(clips[i].samples), i)):
        window = max(least, tight_window(clips[index]))
        if window <= memory_s:
            windows.setdefault(window, []).append(index)
    return [
        (window, inside[k : k + size])
        for window, inside in windows.items()
        for k in range(0, len(inside), size)
    ]
