"""openai-whisper on short clips: the reference engine, with the same weights as faster-whisper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from forensics.audio.decode import RATE
from forensics.models import weights as models
from forensics.transcription.checkpoint import from_checkpoint, openai_model
from forensics.transcription.engine import (
    BEAM,
    FULL_S,
    Clip,
    LanguageChoice,
    Reading,
    Word,
    compression_ratio,
)

if TYPE_CHECKING:
    import torch


class OpenaiWhisper:
    """The engine.

    Parameters
    ----------
    weights : Weights
        Verified; a CTranslate2 file is converted in memory, a checkpoint is loaded without running code
        that it may hold.
    """

    name = "openai-whisper"

    def __init__(self, weights: models.Weights) -> None:
        import torch

        self.version = version("openai-whisper")
        self.model = weights.name
        self.model_sha256 = weights.sha256
        device = "cuda" if torch.cuda.is_available() else "cpu"
        if weights.layout == "checkpoint":
            self._whisper = from_checkpoint(weights.files["model.pt"], weights.name, device)
        else:
            heads = models.configuration(weights).get("alignment_heads", [])
            self._whisper = openai_model(weights.files["model.bin"], heads, device)

    def read(self, clips: Sequence[Clip], languages: LanguageChoice) -> list[Reading]:
        """One reading per clip, in order."""
        return [self._one(clip, languages) for clip in clips]

    def hear_language(self, clips: Sequence[Clip]) -> list[dict[str, float]]:
        """Probability of each language, one mapping per clip."""
        return [self._languages(clip) for clip in clips]

    def _one(self, clip: Clip, languages: LanguageChoice) -> Reading:
        import whisper

        heard = {} if languages.forced else self._languages(clip)
        language, probability = languages.decide(heard)
        result: dict[str, Any] = whisper.transcribe(
            self._whisper,
            clip.samples,
            language=language,
            beam_size=BEAM,
            temperature=0.0,  # its fall-back draws at random: two runs would differ
            condition_on_previous_text=False,
            word_timestamps=True,
            fp16=self._whisper.device.type == "cuda",
            verbose=None,
        )
        segments = result["segments"]
        weights = [max(len(s["tokens"]), 1) for s in segments] or [1]
        logprobs = [s["avg_logprob"] for s in segments] or [0.0]
        silences = [s["no_speech_prob"] for s in segments] or [1.0]
        return Reading(
            text=result["text"].strip(),
            language=language,
            language_probability=probability,
            words=tuple(_word(w, clip.seconds) for s in segments for w in s.get("words", ())),
            avg_logprob=min(float(np.average(logprobs, weights=weights)), 0.0),
            no_speech_prob=float(np.average(silences, weights=weights)),
            compression_ratio=compression_ratio(result["text"]),
        )

    def _languages(self, clip: Clip) -> dict[str, float]:
        import whisper

        if not self._whisper.is_multilingual:
            return {"en": 1.0}
        mel = self._mel(clip)
        _, found = whisper.detect_language(self._whisper, mel)
        return {name: float(p) for name, p in found.items()}

    def _mel(self, clip: Clip) -> torch.Tensor:
        import whisper

        samples = whisper.pad_or_trim(clip.samples, FULL_S * RATE)
        mel: torch.Tensor = whisper.log_mel_spectrogram(samples, self._whisper.dims.n_mels)
        return mel.to(self._whisper.device)


@lru_cache(maxsize=1)
def shared(model: str) -> OpenaiWhisper:
    """The engine with these weights, loaded once per process."""
    return OpenaiWhisper(models.load(model))


def _word(found: dict[str, Any], seconds: float) -> Word:
    return Word(
        found["word"].strip(),
        round(float(np.clip(found["start"], 0, seconds)), 2),
        round(float(np.clip(found["end"], 0, seconds)), 2),
        round(float(found["probability"]), 4),
    )
