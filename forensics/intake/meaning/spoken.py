"""Does text read like things said to a device, like its answers, or like neither?"""

# ruff: noqa: E501 (patterns are easier to read whole)

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from forensics.knowledge.spoken import openings, replies
from forensics.knowledge.wake_words import CALLS, PHRASES, WORDS

# What letters, invoices and lists of goods have and commands have not.
_PAPER = re.compile(
    r"(€|\$|£|\bEUR\b|\bUSD\b|\d[.,]\d\d(?![\d.])|@|\bwww\.|https?:|IBAN|Rechnung|Invoice|Summe|Total\b|MwSt|\bVAT\b|Tel\.?:|"
    r"\b[A-Z0-9]{2,}[-_][A-Z0-9_-]{3,})"
)
_SENTENCES = re.compile(r"[.!?…]\s+[A-ZÀ-ÖØ-Þ]")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+", re.UNICODE)
_WITHOUT_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_ANSWER = re.compile(
    r"(ok(ay)?|here'?s?|hier|sorry|i'm sorry|sure|alright|playing|now playing|spiele|the|it's|in der|das|du|you|"
    r"tut mir leid|entschuldigung|sehr gern|gern|timer|i don't|ich habe|i've|voici|d'accord|aquí|vale|ecco|va bene|"
    r"alarm|wecker|calling|good (morning|night)|guten? (morgen|nacht))\b",
    re.IGNORECASE,
)
_GOODS = frozenset({"echo", "computer", "amazon"})
_MOST_WORDS = 40


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; in scripts without blanks, every sign is one."""
    found = _WORD.findall(text.casefold().replace("’", "'"))
    return [part for word in found for part in ([*word] if _WITHOUT_BLANKS.search(word) else [word])]


def woken(text: str) -> bool:
    """Whether a wake word stands at the beginning of a text, or a name that only devices bear anywhere in it.

    "Echo", "computer" and "amazon" are names of goods and shops, too: they count before a comma or a command.
    """
    start, anywhere = _wake()
    if anywhere.search(text):
        return True
    match = start.match(text)
    if match is None:
        return False
    if match[1].casefold() not in _GOODS:
        return True
    rest = text[match.end() :]
    return "," in match[0] or (words_of(rest)[:1] or [""])[0] in openings()


def woken_first(text: str) -> bool:
    """Whether a text begins with a wake word."""
    return _wake()[0].match(text) is not None and woken(text)


def opens_like_speech(text: str) -> bool:
    """Whether a text begins as commands and questions do: with a wake word, a verb of command, a question word."""
    words = words_of(_wake()[0].sub("", text, count=1))
    if not words:
        return woken(text)
    return woken(text) or words[0] in openings() or " ".join(words) in replies()


def passes(text: str) -> bool:
    """Whether a text could be spoken to a device: 1 to 40 words, nothing that only papers have."""
    count = len(words_of(text))
    return 1 <= count <= _MOST_WORDS and not _PAPER.search(text) and not _SENTENCES.search(text)


def spoken_score(texts: Sequence[str]) -> float:
    """How much texts read like things said to a device, from 0 to 1.

    Weights are an assumption, tried on hand-made histories in twelve languages and on lists of goods, notes,
    titles and names.
    """
    texts = [text for text in texts if text.strip()]
    if not texts:
        return 0.0
    n = len(texts)
    passing = sum(map(passes, texts)) / n
    awake = sum(map(woken, texts)) / n
    opening = sum(map(opens_like_speech, texts)) / n
    plain = sum(_is_plain(text) for text in texts) / n
    several = sum(len(words_of(text)) >= 2 for text in texts) / n
    score = 0.55 * min(1.0, 1.5 * opening) + 0.25 * plain + 0.2 * several
    if awake >= 0.25:
        score = max(score, 0.8 + 0.2 * awake)
    return float(score * max(0.0, min(1.0, (passing - 0.4) / 0.4)))


def answer_score(texts: Sequence[str]) -> float:
    """How much texts read like a device's answers, from 0 to 1: sentences, with their marks and capitals."""
    texts = [text for text in texts if text.strip()]
    if not texts:
        return 0.0
    n = len(texts)
    closed = sum(text.rstrip()[-1:] in ".!?。…" for text in texts) / n
    capital = sum(text[:1].isupper() for text in texts) / n
    opening = sum(bool(_ANSWER.match(text)) for text in texts) / n
    awake = sum(map(woken, texts)) / n
    return float(max(0.0, 0.45 * closed + 0.2 * capital + 0.35 * min(1.0, 1.5 * opening) - 0.6 * awake))


def is_language(texts: Sequence[str]) -> bool:
    """Whether texts are made of words: letters doubled by a bold print that is drawn twice are none.

    A text in a script without blanks, or too short to tell, counts as language.
    """
    letters = "".join("".join(words_of(text)) for text in texts)
    if len(letters) < 20:
        return True
    doubled = sum(one == two for one, two in zip(letters[::2], letters[1::2], strict=False)) / (
        len(letters) // 2
    )
    unmapped = sum(len(re.findall(r"\(cid:\d+\)|\ufffd|[\ue000-\uf8ff]", text)) for text in texts)
    latin = re.sub(r"[^a-zà-öø-ÿ]", "", letters)
    vowels = len(re.findall(r"[aeiouyà-æè-ïò-öù-üý]", latin)) / max(len(latin), 1)
    odd = len(latin) > 0.8 * len(letters) and not 0.2 <= vowels <= 0.75
    return doubled < 0.7 and unmapped <= 0.3 * len(texts) and not odd


def _is_plain(text: str) -> bool:
    """Written as a recogniser writes: in lower case or a script without case, without a full stop."""
    first = next((c for c in text if c.isalpha()), "")
    return bool(first) and not first.isupper() and text.rstrip()[-1:] not in ".!:;,-"


@cache
def _wake() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = sorted(PHRASES, key=len, reverse=True)
    start = "|".join(re.escape(w) for w in words)
    alone = [w for w in words if " " in w or (w in WORDS and w not in _GOODS)]
    calls = "|".join(f"{call} " for call in sorted(CALLS))
    anywhere = "|".join(re.escape(w) for w in alone)
    return (
        re.compile(rf"\W*(?:{calls})?({start})(?=[\s,!?.:]|$)(?!\.\w)\W*", re.IGNORECASE),
        re.compile(rf"(?<![^\W\d_])(?:{anywhere})(?![a-zà-ÿ\-])", re.IGNORECASE),
    )
