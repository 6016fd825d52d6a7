"""Reading recordings to the end: first as a whole, then each stretch of speech that was left without words.

The decoder writes one utterance in one language, and leaves out the other speaker, what comes after a pause,
or the end. Such a stretch is read again on its own, its language heard anew. It must be clear speech, so that
a noise beside an utterance gets no words; what stays without words is told. A long recording is read from
pause to pause, and a stretch in another language than the words that were written for it is read again in
its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.audio.decode import RATE
from forensics.transcription.engine import FULL_S, Clip, Engine, LanguageChoice, Reading, Word
from forensics.transcription.evidence import CLEAR, agreement, judge, plain_words
from forensics.transcription.heard import Heard, Part
from forensics.transcription.listening import listen
from forensics.transcription.unread import Span, runs, unread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ROUNDS = 3
"""A stretch may hold a second utterance that is left without words, and that a third (assumption)."""

_BESIDE_S = 0.2
"""Sound read on either side of a stretch (assumption)."""

_SAME = 0.7
"""Similarity of letters from which on a stretch says what the words beside it say: their times were wrong
(assumption)."""

_FEW = 2
"""Words whose alignment may be wrong altogether; more are said twice, if they come twice (assumption)."""

_LONG_S = FULL_S - 1.0
"""Longer recordings are read from pause to pause: the engine would read them in one language."""

_BREAK_S, _LEAST_PIECE_S = 1.0, 1.0
"""Pause at which a long recording may be cut, and speech before it from which on it is (assumptions)."""

_ONE_LANGUAGE = 0.99
"""Probability of the language above which nobody asks for that of each stretch: of 207 real clips in which
somebody speaks, 5 have several stretches and less than that. Where all words of a clip of two languages were
written in one, it was .61 to .95 (five of sixty joined clips of the tuning half, ``joined.py``); to ask each
time finds no more of them, and loses one utterance of another kind at 15 dB."""

_OTHER_LANGUAGE = 0.7
"""Probability of another language from which on a stretch is read again in it (assumption)."""

_RUN_PAUSE_S, _RUN_S = 0.3, 0.8
"""Pause between two stretches whose language is asked for, and their least length: about three words
(assumptions)."""


def hear(engine: Engine, clips: Sequence[Clip], languages: LanguageChoice) -> list[Heard]:
    """What was heard in each clip, in order.

    Parameters
    ----------
    engine : Engine
        Asked once for all clips, then for what they left without words.
    clips : sequence of Clip
        With the speech that was measured.
    languages : LanguageChoice
        For the whole of a clip and for each stretch.

    Notes
    -----
    A stretch is read alone, like a clip of its own: what is heard in a clip depends on it and on nothing
    beside it.
    """
    works = [_Work(clip) for clip in clips]
    whole = [(work, start, sound) for work in works for start, sound in work.pieces()]
    readings = engine.read([sound for *_, sound in whole], languages)
    for (work, start, sound), reading in zip(whole, readings, strict=True):
        work.begin(start, sound, reading)
    doubted = [(work, run, cut) for work in works for run in work.runs() if (cut := work.cut(run))]
    heard = engine.hear_language([cut for *_, cut in doubted]) if doubted else []
    for (work, run, _), found in zip(doubted, heard, strict=True):
        work.doubt(run, *languages.decide(found))
    for _ in range(_ROUNDS):
        asked = [(work, span, cut) for work in works for span in work.open() if (cut := work.try_(span))]
        if not asked:
            break
        readings = engine.read([cut for *_, cut in asked], languages)
        for (work, span, sound), reading in zip(asked, readings, strict=True):
            work.take(span, sound, reading)
    return [work.heard() for work in works]


class _Work:
    """One clip while it is being read."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._read: list[Part] = []
        self._again: list[Part] = []
        self._foreign: list[Span] = []
        self._tried: list[Span] = []
        self._settled: list[Span] = []
        self._clear: list[Span] = []

    # -- the whole -----------------------------------------------------------------------------

    def pieces(self) -> list[tuple[float, Clip]]:
        """What is read first, and where it begins: the whole, or a long recording from pause to pause."""
        clip = self._clip
        groups = _groups(clip.speech) if clip.seconds > _LONG_S else []
        if len(groups) < 2:
            return [(0.0, clip)]
        found = []
        for group in groups:
            start = self._start(group)
            cut = listen(self._samples(group))
            spans = tuple((a - start, b - start) for a, b in clip.speech if group[0] <= a and b <= group[1])
            found.append((start, cut or Clip(self._samples(group), spans, clip.speech_probability)))
        return found

    def begin(self, start: float, cut: Clip, reading: Reading) -> None:
        """Keep what was read first."""
        self._read.append(_part(start, cut, reading))

    def runs(self) -> list[Span]:
        """Stretches whose language is worth asking for: several, and the language is in doubt."""
        if len(self._read) > 1 or self._read[0].reading.language_probability >= _ONE_LANGUAGE:
            return []
        found = runs(self._clip.speech, _RUN_PAUSE_S, _RUN_S)
        return found if len(found) > 1 and self._words() else []

    def doubt(self, run: Span, language: str, probability: float) -> None:
        """Note a stretch that is likely to be in another language than its words."""
        if language != self._read[0].reading.language and probability >= _OTHER_LANGUAGE:
            self._foreign.append(run)

    # -- stretches -----------------------------------------------------------------------------

    def open(self) -> list[Span]:
        """Stretches that were not yet read: those in another language, and those without words."""
        left = [*self._foreign, *(self._from_the_start(span) for span in self._left())]
        return [span for span in dict.fromkeys(left) if not any(_covers(t, span) for t in self._tried)]

    def try_(self, span: Span) -> Clip | None:
        """The sound of a stretch; None where it is no clear speech."""
        if any(_covers(tried, span) for tried in self._tried):
            return None
        self._tried.append(span)
        clip = self.cut(span)
        if clip is not None:
            self._clear.append(span)
        return clip

    def cut(self, span: Span) -> Clip | None:
        """The same, without a note of it."""
        clip = listen(self._samples(span))
        return clip if clip is not None and clip.speech_probability >= CLEAR else None

    def take(self, span: Span, cut: Clip, reading: Reading) -> None:
        """Keep what was read in a stretch, unless it was invented or is heard already."""
        part = _part(self._start(span), cut, reading)
        if self._is_heard(part):
            self._settled.append(span)
            return
        if part.words:
            inside = [w for w in self._words() if span[0] <= (w.start_s + w.end_s) / 2 <= span[1]]
            gone = inside if span in self._foreign else _repeated(inside, part.words)
            self._read = [_beside(each.without(gone), span) for each in self._read]
            self._again = [_beside(each.without(gone), span) for each in self._again]
        self._again.append(part)

    def heard(self) -> Heard:
        """What came of it."""
        left = [span for span in self._left() if any(_covers(clear, span) for clear in self._clear)]
        spans = tuple((round(start, 3), round(end, 3)) for start, end in left)
        return Heard(tuple(self._read), tuple(self._again), spans)

    def _left(self) -> list[Span]:
        if any(part.judgement.text and not part.words for part in self._read):
            return []  # nothing says where its words are
        spans = unread(self._clip.speech, self._words())
        return [span for span in spans if not any(_covers(settled, span) for settled in self._settled)]

    def _from_the_start(self, span: Span) -> Span:
        """A stretch, from where the speech around it begins.

        Unless more than a few words stand there, or other words before them: what is drawn over the beginning
        of a stretch that was not read are the first words of what comes after it.
        """
        begin = next((a for a, b in self._clip.speech if a <= span[0] < b), span[0])
        before = [word for word in self._words() if word.start_s < span[0]]
        return (begin, span[1]) if len(before) <= _FEW else span

    def _is_heard(self, part: Part) -> bool:
        """Whether the words beside it are the same, and their times so near that they can be these."""
        said = plain_words(part.reading.text)
        if not said:
            return False
        middle = (part.start_s + part.end_s) / 2
        before = [w for w in self._words() if w.start_s < middle][-len(said) :]
        after = [w for w in self._words() if w.end_s > middle][: len(said)]
        whole = (part.start_s, part.end_s)
        return any(
            agreement(part.reading.text, " ".join(w.word for w in near)) >= _SAME
            and (len(said) <= _FEW or any(_covers((w.start_s, w.end_s), whole) for w in near))
            for near in (before, after)
            if near
        )

    def _words(self) -> list[Word]:
        words = [word for part in (*self._read, *self._again) for word in part.words]
        return sorted(words, key=lambda word: word.start_s)

    def _start(self, span: Span) -> float:
        return max(span[0] - _BESIDE_S, 0.0)

    def _samples(self, span: Span) -> NDArray[np.float32]:
        return self._clip.samples[int(self._start(span) * RATE) : int((span[1] + _BESIDE_S) * RATE)]


def _part(start: float, cut: Clip, reading: Reading) -> Part:
    """A reading of a cut, its words with the times of the recording."""
    words = tuple(
        replace(word, start_s=round(word.start_s + start, 2), end_s=round(word.end_s + start, 2))
        for word in reading.words
    )
    own = replace(reading, words=words)
    return Part(start, start + cut.seconds, own, judge(reading, cut), reading.text)


def _groups(speech: Sequence[Span]) -> list[Span]:
    """The speech of a long recording, from pause to pause, each short enough for one window."""
    groups: list[tuple[float, float, float]] = []
    for start, end in speech:
        if groups:
            begin, last, spoken = groups[-1]
            whole = spoken >= _LEAST_PIECE_S and start - last >= _BREAK_S
            if not whole and end - begin <= _LONG_S - 2 * _BESIDE_S:
                groups[-1] = (begin, end, spoken + end - start)
                continue
        groups.append((start, end, end - start))
    return [(start, end) for start, end, _ in groups]


def _repeated(inside: Sequence[Word], words: Sequence[Word]) -> list[Word]:
    """Of the words that a stretch has taken in, those that it says itself."""
    said = {each for word in words for each in plain_words(word.word)}
    return [word for word in inside if set(plain_words(word.word)) <= said]


def _beside(part: Part, span: Span) -> Part:
    """A part whose words leave out a stretch in which other words were found.

    Its first word was drawn over what came before it, and any other over what follows or precedes it:
    what is left of a word is its longer end.
    """
    words = []
    for number, word in enumerate(part.reading.words):
        before, after = max(span[0] - word.start_s, 0.0), max(word.end_s - span[1], 0.0)
        if word.start_s < span[1] and word.end_s > span[0]:
            if after >= before or (number == 0 and after > 0):
                word = replace(word, start_s=round(min(span[1], word.end_s), 2))
            else:
                word = replace(word, end_s=round(span[0], 2))
        words.append(word)
    return replace(part, reading=replace(part.reading, words=tuple(words)))


def _covers(one: Span, other: Span) -> bool:
    """Whether most of the other lies in the one."""
    return min(one[1], other[1]) - max(one[0], other[0]) > 0.5 * (other[1] - other[0])
