"""How probable is a given text for a clip, and what else could be read there: the second look at one clip.

Two questions to faster-whisper's decoder about sound that is encoded once: the log probability of a text
(teacher forcing), and the hypotheses that it writes when names stand before it as a prompt.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from forensics.transcription.engine import Clip
from forensics.transcription.faster_whisper import FasterWhisper

LONGEST_S = 28.0
"""Longer clips have no single window."""
_MEMORY_S, _SHORT_S, _WINDOW_S = 30, 15, 8
_BEAM = 5
_LEAST_P = 1e-9
_LONGEST_PROMPT = 100  # tokens of names; Whisper takes 224, and pays for each in time


class SecondLook:
    """Questions about one clip.

    Parameters
    ----------
    engine : FasterWhisper
    clip : Clip
        At most :data:`LONGEST_S` long.
    language : str
    """

    def __init__(self, engine: FasterWhisper, clip: Clip, language: str) -> None:
        self._engine, self._clip = engine, clip
        self._tokenizer = engine._tokenizer(language)
        window = max(_WINDOW_S, 2 * math.ceil((clip.seconds + 1.0) / 2))
        self._memory = engine._remember([clip], window, _SHORT_S if window <= _SHORT_S else _MEMORY_S)

    def log_probability(self, text: str) -> float:
        """Natural logarithm of P(text | sound): a sum over the text's tokens."""
        tokens = self._tokenizer.encode(" " + text.strip())
        frames = [max(math.ceil(self._clip.seconds * 100), 2)]
        # one text at a time: in a batch, the padding of shorter texts changes their probabilities
        (result,) = self._engine._whisper.model.align(
            self._memory, self._tokenizer.sot_sequence, [tokens], frames
        )
        return float(np.log(np.maximum(result.text_token_probs[: len(tokens)], _LEAST_P)).sum())

    def hypotheses(self, names: Sequence[str] = ()) -> list[str]:
        """What the decoder writes, the likeliest first, with `names` before it as a prompt."""
        tokenizer = self._tokenizer
        start: list[Any] = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        if names:
            spoken = tokenizer.encode(" " + ", ".join(names) + ".")[-_LONGEST_PROMPT:]
            start = [tokenizer.sot_prev, *spoken, *start]
        (result,) = self._engine._whisper.model.generate(
            self._memory,
            [start],
            beam_size=_BEAM,
            num_hypotheses=_BEAM,
            max_length=len(start) + 60,
            suppress_blank=True,
            suppress_tokens=self._engine._suppressed(tokenizer),
            return_scores=True,
        )
        texts = [tokenizer.decode([t for t in ids if t < tokenizer.eot]) for ids in result.sequences_ids]
        return list(dict.fromkeys(text.strip() for text in texts if text.strip()))
