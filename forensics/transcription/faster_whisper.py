"""faster-whisper (CTranslate2) on short clips: encoder windows no longer than needed.

Whisper pads every sound to 30 s, so a command of three seconds pays ten times its length. CTranslate2's
encoder accepts shorter windows. No clip ever shares a window with another.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forensics import models
from forensics.errors import ModelError
from forensics.transcription.engine import Clip, LanguageChoice, Reading, Word, compression_ratio

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

_WINDOWS_S = (10, 20, 30)
"""Encoder windows. Windows tighter than about 10 s end in loops: Whisper was trained on 30 s."""

_MARGIN_S = 1.0  # silence after the clip: without it the last word is lost now and then
_BATCH = 8
_BEAM = 5
_TOKENS_PER_S = 12  # nobody speaks faster; more is a loop


class FasterWhisper:
    """The engine.

    Parameters
    ----------
    weights : Weights
        Verified, in CTranslate2's layout.
    exact : bool
        One by one in full 30 s windows, beam 5.
    threads : int
        0 takes all cores. Results do not depend on it.
    """

    name = "faster-whisper"

    def __init__(self, weights: models.Weights, *, exact: bool = False, threads: int = 0) -> None:
        if weights.layout != "ctranslate2":
            raise ModelError(
                f"'{weights.name}' is a checkpoint of openai-whisper.",
                "Use --engine openai-whisper, or convert the checkpoint.",
            )
        self.version = version("faster-whisper")
        self.model = weights.name
        self.model_sha256 = weights.sha256
        self.exact = exact
        self._whisper = _load(weights, threads or len(os.sched_getaffinity(0)))
        self._tokenizers: dict[str, Tokenizer] = {}

    def read(self, clips: Sequence[Clip], languages: LanguageChoice) -> list[Reading]:
        """One reading per clip, in order."""
        readings: dict[int, Reading] = {}
        if not self.exact:
            for window, batch in _batches(clips):
                for index, reading in zip(batch, self._greedy(clips, batch, window, languages), strict=True):
                    if not _doubtful(reading, clips[index]):
                        readings[index] = reading
        for index, clip in enumerate(clips):
            if index not in readings:
                readings[index] = self._one_by_one(clip, languages)
        return [readings[index] for index in range(len(clips))]

    def hear_language(self, clips: Sequence[Clip]) -> list[dict[str, float]]:
        """Probability of each language, one mapping per clip."""
        found: dict[int, dict[str, float]] = {}
        for window, batch in _batches(clips):
            encoded = self._encode([clips[i] for i in batch], window)
            for index, probabilities in zip(batch, self._languages(encoded), strict=True):
                found[index] = probabilities
        return [found[index] for index in range(len(clips))]

    # -- short windows -------------------------------------------------------------------------

    def _greedy(
        self, clips: Sequence[Clip], batch: list[int], window: int, languages: LanguageChoice
    ) -> list[Reading]:
        chosen = [clips[i] for i in batch]
        encoded = self._encode(chosen, window)
        decided = [languages.decide(heard) for heard in self._languages(encoded)]
        tokenizers = [self._tokenizer(language) for language, _ in decided]
        results = self._whisper.model.generate(
            encoded,
            [[*t.sot_sequence, t.no_timestamps] for t in tokenizers],
            beam_size=1,
            max_length=4 + _TOKENS_PER_S * window,
            suppress_blank=True,
            suppress_tokens=self._suppressed(tokenizers[0]),
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [[t for t in r.sequences_ids[0] if t < tokenizers[0].eot] for r in results]
        words = self._align(encoded, chosen, decided, tokens)
        return [
            _reading(tokenizer.decode(ids), result, len(ids), spoken, decision)
            for tokenizer, ids, result, spoken, decision in zip(
                tokenizers, tokens, results, words, decided, strict=True
            )
        ]

    def _encode(self, clips: Sequence[Clip], window: int) -> Any:
        return self._whisper.encode(np.stack([self._features(clip, window) for clip in clips]))

    def _features(self, clip: Clip, window: int) -> NDArray[np.float32]:
        padded = np.pad(clip.samples, (0, window * 16_000 - len(clip.samples)))
        features: NDArray[np.float32] = self._whisper.feature_extractor(padded, padding=0)
        return features

    def _languages(self, encoded: Any) -> list[dict[str, float]]:
        if not self._whisper.model.is_multilingual:
            return [{"en": 1.0}] * encoded.shape[0]
        found = self._whisper.model.detect_language(encoded)
        return [{token[2:-2]: float(p) for token, p in row} for row in found]

    def _align(
        self,
        encoded: Any,
        clips: Sequence[Clip],
        decided: Sequence[tuple[str, float]],
        tokens: Sequence[list[int]],
    ) -> list[tuple[Word, ...]]:
        """Word times by dynamic time warping of cross-attention, a call per language."""
        from faster_whisper.transcribe import get_ctranslate2_storage, merge_punctuations

        words: list[tuple[Word, ...]] = [()] * len(clips)
        whole = np.asarray(encoded)
        for language in sorted({language for language, _ in decided}):
            rows = [i for i, (found, _) in enumerate(decided) if found == language and tokens[i]]
            if not rows:
                continue
            aligned = self._whisper.find_alignment(
                self._tokenizer(language),
                [tokens[i] for i in rows],
                get_ctranslate2_storage(whole[rows]),
                [int(np.ceil(clips[i].seconds * 100)) for i in rows],
            )
            for row, found in zip(rows, aligned, strict=True):
                merge_punctuations(found, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")
                words[row] = _words(found, clips[row].seconds)
        return words

    # -- one by one ----------------------------------------------------------------------------

    def _one_by_one(self, clip: Clip, languages: LanguageChoice) -> Reading:
        language, probability = languages.decide(self._heard_in_full(clip, languages))
        segments, _ = self._whisper.transcribe(
            clip.samples,
            language=language,
            beam_size=_BEAM,
            temperature=0.0,  # its fall-back draws at random: two runs would differ
            condition_on_previous_text=False,
            word_timestamps=True,
        )
        found = list(segments)
        text = "".join(s.text for s in found)
        weights = [max(len(s.tokens), 1) for s in found] or [1]
        words = [
            {"word": w.word, "start": w.start, "end": w.end, "probability": w.probability}
            for s in found
            for w in s.words or ()
        ]
        return Reading(
            text=text.strip(),
            language=language,
            language_probability=probability,
            words=_words(words, clip.seconds),
            avg_logprob=float(np.average([s.avg_logprob for s in found] or [0.0], weights=weights)),
            no_speech_prob=float(np.average([s.no_speech_prob for s in found] or [1.0], weights=weights)),
            compression_ratio=compression_ratio(text),
        )

    def _heard_in_full(self, clip: Clip, languages: LanguageChoice) -> dict[str, float]:
        if languages.forced is not None:
            return {}
        head = Clip(clip.samples[: 30 * 16_000])
        return self._languages(self._encode([head], 30))[0]

    # -- tokens --------------------------------------------------------------------------------

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


def _load(weights: models.Weights, threads: int) -> WhisperModel:
    from faster_whisper import WhisperModel

    return WhisperModel(
        weights.name,
        device="cpu",
        compute_type="int8",
        cpu_threads=threads,
        files={name: content for name, content in weights.files.items() if name != "SHA256SUMS"},
    )


@lru_cache(maxsize=1)
def shared(model: str, exact: bool) -> FasterWhisper:
    """The engine with these weights, loaded once per process."""
    return FasterWhisper(models.load(model), exact=exact)


def _batches(clips: Sequence[Clip]) -> list[tuple[int, list[int]]]:
    """Windows and the indices that share a call, by length; what is over 30 s is in none."""
    found = []
    order = sorted(range(len(clips)), key=lambda i: (len(clips[i].samples), i))
    below = 0.0
    for window in _WINDOWS_S:
        reach = window - _MARGIN_S if window < _WINDOWS_S[-1] else float(window)
        inside = [i for i in order if below < clips[i].seconds <= reach]
        found += [(window, inside[k : k + _BATCH]) for k in range(0, len(inside), _BATCH)]
        below = reach
    return found


def _doubtful(reading: Reading, clip: Clip) -> bool:
    """Whether a greedy reading needs the full window and the beam."""
    rate = len(reading.text) / max(clip.seconds, 0.5)
    return reading.avg_logprob < -0.8 or reading.compression_ratio > 2.0 or rate > 30


def _reading(
    text: str, result: Any, n_tokens: int, words: tuple[Word, ...], decision: tuple[str, float]
) -> Reading:
    # CTranslate2's score is the mean over the tokens; Whisper's mean counts the end token as well
    length = len(result.sequences_ids[0])
    logprob = result.scores[0] * length / (length + 1) if length else 0.0
    return Reading(
        text=text.strip(),
        language=decision[0],
        language_probability=decision[1],
        words=words,
        avg_logprob=min(float(logprob), 0.0),
        no_speech_prob=float(result.no_speech_prob),
        compression_ratio=compression_ratio(text),
    )


def _words(found: Sequence[dict[str, Any]], seconds: float) -> tuple[Word, ...]:
    return tuple(
        Word(
            w["word"].strip(),
            round(float(np.clip(w["start"], 0, seconds)), 2),
            round(float(np.clip(w["end"], 0, seconds)), 2),
            round(float(w["probability"]), 4),
        )
        for w in found
        if w["word"].strip()
    )
