"""How probable is a given text for a clip, and what else could be read there: the second look at one clip.

Two questions to faster-whisper's decoder about sound that is encoded once: the log probability of a text
(teacher forcing), and the hypotheses that it writes when names stand before it as a prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from forensics.transcription.engine import BEAM, FULL_S, Clip
from forensics.transcription.faster_whisper import TIERS, FasterWhisper, mels_of, tight_window

LONGEST_S = 28.0
"""Longer clips have no single window: 30 s less the margin, in even seconds."""

_LEAST_P = 1e-9
"""Of a token that the decoder gives no probability at all: the logarithm of 0 is none (assumption)."""

_LONGEST_PROMPT = 100
"""Tokens of names (assumption); Whisper takes 224, and pays for each in time."""

_LONGEST_TEXT = 60
"""Tokens of a hypothesis: a command has a dozen (assumption)."""


class SecondLook:
    """Questions about one clip.

    Parameters
    ----------
    clip : Clip
        At most :data:`LONGEST_S` long.
    language : str
        Of the texts that are asked about.
    """

    def __init__(self, engine: FasterWhisper, clip: Clip, language: str) -> None:
        self._engine, self._clip = engine, clip
        self._tokenizer = engine._tokenizer(language)
        least, memory_s = TIERS[0]
        window = max(least, tight_window(clip))
        self._memory = engine._remember([clip], window, memory_s if window <= memory_s else FULL_S)

    def log_probability(self, text: str) -> float:
        """Natural logarithm of P(text | sound): a sum over the text's tokens."""
        tokens = self._tokenizer.encode(" " + text.strip())
        frames = [mels_of(self._clip)]
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
            beam_size=BEAM,
            num_hypotheses=BEAM,
            max_length=len(start) + _LONGEST_TEXT,
            suppress_blank=True,
            suppress_tokens=self._engine._suppressed(tokenizer),
            return_scores=True,
        )
        texts = [tokenizer.decode([t for t in ids if t < tokenizer.eot]) for ids in result.sequences_ids]
        return list(dict.fromkeys(text.strip() for text in texts if text.strip()))
