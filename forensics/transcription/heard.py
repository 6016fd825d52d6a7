"""What was heard in one recording: one reading, or several of its stretches, in the order of time."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.case.kinds import SPEECH_WITHOUT_WORDS
from forensics.transcription.confidence import calibrated_words, utterance_confidence
from forensics.transcription.engine import Reading, Word, compression_ratio
from forensics.transcription.evidence import Judgement


@dataclass(frozen=True)
class Part:
    """One reading of a recording or of a stretch of it.

    Parameters
    ----------
    start_s, end_s : float
        What was read.
    reading : Reading
        Times are those of the recording.
    judgement : Judgement
        Whether it counts as said.
    written : str
        What the engine wrote, also where another part took some of its words.
    """

    start_s: float
    end_s: float
    reading: Reading
    judgement: Judgement
    written: str

    @property
    def is_wake_word(self) -> bool:
        """Whether it says a wake word and no more."""
        return "wake_word_only" in self.judgement.flags

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that count as said."""
        return self.reading.words if self.judgement.text or self.is_wake_word else ()

    @property
    def begins(self) -> float:
        """When its words begin, in seconds."""
        return self.words[0].start_s if self.words else self.start_s

    def without(self, gone: Collection[Word]) -> Part:
        """The same part after another took some of its words."""
        text, at, kept = self.reading.text, 0, ""
        for word in self.reading.words:
            found = text.find(word.word, at)
            end = found + len(word.word) if found >= 0 else at
            kept += "" if word in gone else text[at:end]
            at = end
        kept = (kept + text[at:]).strip()
        words = tuple(word for word in self.reading.words if word not in gone)
        judgement = replace(self.judgement, text=kept if self.judgement.text else "")
        return replace(self, reading=replace(self.reading, text=kept, words=words), judgement=judgement)


@dataclass(frozen=True)
class Piece:
    """Consecutive words of one part, with nobody else's between them."""

    start_s: float
    text: str
    part: Part


@dataclass(frozen=True)
class Heard:
    """All that was heard in one recording.

    Parameters
    ----------
    read : tuple of Part
        The reading of the whole; of a long recording, readings from pause to pause.
    again : tuple of Part
        Readings of stretches in which those have no words.
    unread : tuple of (float, float)
        Where somebody speaks and nothing was understood.
    """

    read: tuple[Part, ...]
    again: tuple[Part, ...] = ()
    unread: tuple[tuple[float, float], ...] = ()

    @property
    def parts(self) -> list[Part]:
        """What counts as said, in the order of time."""
        said = [
            part
            for part in (*self.read, *self.again)
            if part.reading.text and (part.words or part.judgement.text)
        ]
        return sorted(said, key=lambda part: part.begins) if any(part.judgement.text for part in said) else []

    @property
    def reading(self) -> Reading:
        """All readings as one; the first where none counts.

        The language is that of the part with most words. Mean log probability and no-speech probability are
        weighed by words.
        """
        parts = self.parts
        if len(parts) < 2:
            return parts[0].reading if parts else self.read[0].reading
        weights = [len(part.reading.text.split()) for part in parts]
        main = parts[max(range(len(parts)), key=lambda k: (weights[k], -k))].reading
        return replace(
            main,
            text=self.text,
            words=tuple(sorted((w for p in parts for w in p.words), key=lambda w: w.start_s)),
            avg_logprob=_mean([p.reading.avg_logprob for p in parts], weights),
            no_speech_prob=_mean([p.reading.no_speech_prob for p in parts], weights),
            compression_ratio=compression_ratio(self.text),
            alternatives=tuple(self._alternatives()),
            second=None,
            tokens=(),
        )

    @property
    def text(self) -> str:
        """What was said; empty where nobody spoke, or said no more than a wake word."""
        return " ".join(piece.text for piece in self._pieces())

    @property
    def raw_text(self) -> str:
        """What the engine wrote, what it invented as well: the whole first, then stretches."""
        return " ".join(part.written for part in (*self.read, *self.again) if part.written)

    @property
    def words(self) -> list[Word]:
        """Words with calibrated probabilities, each by the reading that it comes from."""
        found = [
            sure for part in self.parts for sure in calibrated_words(replace(part.reading, words=part.words))
        ]
        return sorted(found, key=lambda word: word.start_s)

    @property
    def confidence(self) -> float | None:
        """Probability that the text is what was said, word for word: that of all parts together."""
        parts = self.parts
        return round(math.prod(utterance_confidence(part.reading) for part in parts), 4) if parts else None

    @property
    def flags(self) -> tuple[str, ...]:
        """Those of the first readings, and ``speech_without_words``."""
        settled = ("empty", "wake_word_only") if self.parts else ()
        found = [flag for part in self.read for flag in part.judgement.flags if flag not in settled]
        return tuple(dict.fromkeys([*found, *([SPEECH_WITHOUT_WORDS] if self.unread else [])]))

    def _pieces(self) -> list[Piece]:
        parts = self.parts
        found = [piece for part in parts for piece in _pieces(part, [p for p in parts if p is not part])]
        return sorted(found, key=lambda piece: piece.start_s)

    def _alternatives(self) -> Iterator[tuple[str, float]]:
        """Alternatives of each part with the other parts beside it; none of a part that others interrupt."""
        pieces = self._pieces()
        for part in self.parts:
            own = [k for k, piece in enumerate(pieces) if piece.part is part]
            if len(own) == 1 and part.reading.text == part.written:
                for text, share in part.reading.alternatives:
                    yield (
                        " ".join(text if k == own[0] else piece.text for k, piece in enumerate(pieces)),
                        share,
                    )


def _pieces(part: Part, others: Sequence[Part]) -> Iterator[Piece]:
    """The text of a part, cut where others spoke in between."""
    text, at, cut = part.reading.text, 0, 0
    starts = [other.begins for other in others]
    begin = last = part.begins
    for word in part.words:
        found = text.find(word.word, at)
        if found < 0:
            continue
        if text[cut:found].strip() and any(last < start <= word.start_s for start in starts):
            yield Piece(begin, text[cut:found].strip(), part)
            cut, begin = found, word.start_s
        at, last = found + len(word.word), word.start_s
    yield Piece(begin, text[cut:].strip(), part)


def _mean(values: Sequence[float], weights: Sequence[int]) -> float:
    return sum(v * w for v, w in zip(values, weights, strict=True)) / max(sum(weights), 1)
