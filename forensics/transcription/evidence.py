"""Did somebody say these words? Evidence for and against a reading, whichever engine wrote it.

Whisper writes words for noise. What it wrote is kept (``raw_text``); whether it becomes ``text`` is decided
by what was measured on the sound and on the reading, not by a list of phrases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forensics.knowledge import wake_words
from forensics.transcription.engine import Clip, Reading

_LOGPROB_LOW = -1.0  # Whisper's own threshold (logprob_threshold)
_NO_SPEECH_HIGH = 0.6  # Whisper's own threshold (no_speech_threshold)
_COMPRESSION_HIGH = 2.4  # Whisper's own threshold (compression_ratio_threshold)
_CHARACTERS_PER_S = 40.0  # of speech: hurried read speech has about 20
_FAINT = 0.6  # speech activity below: noise reaches .67, isolated words begin at .5
_PLAIN = 0.85  # speech activity below: real music reaches .79
CLEAR = 0.9  # speech activity above: somebody speaks, however badly understood
_SURE_LOGPROB = -0.7
_AGREE = 0.6  # similarity of two windows' texts: real words come back, invented ones do not

_WAKE_SCORE = 0.9  # the detector's: 19 of 19 real "Alexa" reach .95, 3 of 148 single words .89
_WAKE_S = 1.1  # from start to end: the slowest of 19 takes .96 s; "Alexa, stop" takes longer
_WAKE_WORDS = 5
_WAKE_ALIKE = 0.35  # "I'll ask a" has .38, "relax" .33
_WAKE_NEAR, _WAKE_NEAR_HEY, _WAKE_UNSURE = 0.8, 0.6, -0.4  # for words that the detector does not know

_DOUBT_LOGPROB = -0.5
_DOUBT_AGAIN_LOGPROB = -0.7
_DOUBT_COMPRESSION = 2.0
_DOUBT_LANGUAGE = 0.6
_WORDS_PER_S = 5.0

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Judgement:
    """What becomes of a reading.

    Parameters
    ----------
    text : str
        Empty where nobody spoke, or said no more than a wake word.
    flags : tuple of str
        ``no_speech``, ``hallucination``, ``repeated``, ``wake_word_only``, ``empty``.
    """

    text: str
    flags: tuple[str, ...]


def judge(reading: Reading, clip: Clip) -> Judgement:
    """Weigh a reading against the sound.

    Parameters
    ----------
    reading : Reading
    clip : Clip
        With its speech activity.
    """
    flags = []
    if reading.text and _is_invented(reading, clip):
        flags.append("hallucination")
    if is_repeated(reading):
        flags.append("repeated")
    if "hallucination" not in flags and (is_wake_word(reading.text) or is_misheard_wake_word(reading, clip)):
        flags.append("wake_word_only")
    text = "" if {"hallucination", "wake_word_only"} & set(flags) else reading.text
    return Judgement(text, (*flags, "empty") if not text else tuple(flags))


def is_doubtful(reading: Reading, clip: Clip, *, again: bool = False) -> bool:
    """Whether a reading has to be made once more, with more context.

    Parameters
    ----------
    reading : Reading
    clip : Clip
    again : bool
        Whether it is the second reading already: then only what is likely to be wrong.
    """
    words = len(_WORD.findall(reading.text))
    return (
        reading.avg_logprob < (_DOUBT_AGAIN_LOGPROB if again else _DOUBT_LOGPROB)
        or reading.compression_ratio > _DOUBT_COMPRESSION
        or says_twice(reading.text)
        or words > _WORDS_PER_S * max(clip.spoken_s, 1.0)
        or reading.language_probability < _DOUBT_LANGUAGE
        or clip.speech_probability < _FAINT
    )


def is_loop(reading: Reading) -> bool:
    """Whether a reading looks like a decoder that did not stop."""
    return is_repeated(reading) or says_twice(reading.text)


def is_repeated(reading: Reading) -> bool:
    """Whether the text is a loop: it compresses too well, or one to four words come four times in a row."""
    if reading.compression_ratio > _COMPRESSION_HIGH:
        return True
    words = plain_words(reading.text)
    return any(
        all(
            words[start + k * size : start + (k + 1) * size] == words[start : start + size] for k in (1, 2, 3)
        )
        for size in range(1, 5)
        for start in range(len(words) - 4 * size + 1)
    )


def says_twice(text: str) -> bool:
    """Whether the end of the text says the same again: the mark of a decoder that did not stop.

    Examples
    --------
    >>> says_twice("Turn it off. Turn it off.")
    True
    """
    words = plain_words(text)
    return any(words[-size:] == words[-2 * size : -size] for size in range(1, len(words) // 2 + 1))


def is_wake_word(text: str) -> bool:
    """Whether a text is nothing but a wake word, once or more often."""
    return wake_words.is_nothing_else(plain_words(text))


def is_misheard_wake_word(reading: Reading, clip: Clip) -> bool:
    """Whether the sound is a wake word and no more, and the engine wrote something else for it.

    Whisper hears "Alexa" alone as "I'll ask a" or "Alex saw" now and then. The detector's word is not
    enough, since it takes a short word for it as well: the speech must be as short as the wake word,
    and the text must sound like it. Other wake words have no detector: there one of the readings must be
    nearly the wake word, and unsure.
    """
    words = plain_words(reading.text)
    if not words or clip.extent_s > _WAKE_S or len(words) > _WAKE_WORDS:
        return False
    if clip.wake_word_score >= _WAKE_SCORE and _alike(words, ["alexa"]) >= _WAKE_ALIKE:
        return True
    if reading.avg_logprob > _WAKE_UNSURE:
        return False
    for heard in (words, plain_words(reading.second or "")):
        for name in (*wake_words.PHRASES, "alexa alexa"):
            called = heard[:1] == ["hey"] and name.startswith("hey ")
            if heard and _alike(heard, name.split()) >= (_WAKE_NEAR_HEY if called else _WAKE_NEAR):
                return True
    return False


def _alike(words: list[str], others: list[str]) -> float:
    """Similarity in sound, 0 to 1: of letters, those of one sound written alike."""
    from rapidfuzz.distance import Levenshtein

    one, other = (
        "".join(each).replace("x", "ks").replace("sh", "s").replace("c", "k").replace("z", "s")
        for each in (words, others)
    )
    return float(Levenshtein.normalized_similarity(one, other))


def agreement(one: str, other: str) -> float:
    """Similarity of two readings of one clip, 0 to 1: the normalised edit distance of their letters."""
    from rapidfuzz.distance import Levenshtein

    return float(Levenshtein.normalized_similarity("".join(plain_words(one)), "".join(plain_words(other))))


def _is_invented(reading: Reading, clip: Clip) -> bool:
    if len(reading.text) / max(clip.spoken_s, 0.3) > _CHARACTERS_PER_S or is_repeated(reading):
        return not is_real_repetition(reading, clip)
    agreed = None if reading.second is None else agreement(reading.text, reading.second)
    disagreed = agreed is not None and agreed < _AGREE
    unsure = reading.no_speech_prob > _NO_SPEECH_HIGH or disagreed
    if reading.avg_logprob < _LOGPROB_LOW and unsure and clip.speech_probability < CLEAR:
        return True
    # music: activity up to .79, and "Thank you." at -.8 to -1 with a no-speech probability over .74
    if (
        clip.speech_probability < _PLAIN
        and reading.avg_logprob < _SURE_LOGPROB
        and reading.no_speech_prob > _NO_SPEECH_HIGH
    ):
        return True
    if clip.speech_probability < _FAINT:
        return disagreed or agreed is None or reading.avg_logprob < _SURE_LOGPROB
    return False


def is_real_repetition(reading: Reading, clip: Clip) -> bool:
    """Whether a repetition fits into the speech that was measured, and two windows heard it alike."""
    words = len(plain_words(reading.text))
    fits = words <= _WORDS_PER_S * clip.spoken_s
    return fits and reading.second is not None and agreement(reading.text, reading.second) > _AGREE


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation."""
    return [word.lower() for word in _WORD.findall(text)]
