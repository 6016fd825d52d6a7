"""Where in the utterances a claim can be heard or read: the words to hide, or the utterances to withhold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forensics.knowledge.names import fold, sound

PAD_S = 0.15
"""Assumption: word times of recognition are off by this much; a margin on both sides is silenced too."""
ALIKE = 0.85
"""Assumption: Jaro-Winkler similarity at which a word of the same sound counts as the word to hide."""
SHORTEST = 3
"""Assumption: shorter words are compared letter by letter only; by sound they would all be alike."""
_MEANT = 0.05
"""Assumption: a less probable alternative of a claim's value is not hidden."""


@dataclass(frozen=True)
class Releasable:
    """One utterance that may be released.

    Parameters
    ----------
    recording_id, sha256 : str or None
        Its sound; None without.
    seconds : float
        Of its sound.
    words : tuple of (str, float, float)
        Word, start and end in seconds, of the transcript with word times; empty if there is none.
    texts : tuple of str
        All transcripts, the vendor's first: the one that is released.
    """

    utterance_id: str
    recording_id: str | None = None
    sha256: str | None = None
    seconds: float = 0.0
    words: tuple[tuple[str, float, float], ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Secret:
    """What has to go if a claim is to be hidden.

    Parameters
    ----------
    tokens : frozenset of str
        Folded words.
    spans : dict
        From utterance id to the seconds to silence; none where it is text and its words can be replaced. None
        instead where the utterance has to be withheld, because the claim rests on it and nothing says which
        words give it away, or when they are heard.
    """

    claim_id: str
    tokens: frozenset[str]
    spans: Mapping[str, tuple[tuple[float, float], ...] | None] = field(default_factory=dict)


def secrets_of(
    claims: Iterable[Mapping[Any, Any]],
    mentions: Iterable[Mapping[Any, Any]],
    utterances: Sequence[Releasable],
) -> dict[str, Secret]:
    """What has to go for each claim, by claim id.

    Parameters
    ----------
    claims : iterable of mapping
        Rows of ``claims`` that utterances support.
    mentions : iterable of mapping
        Rows of ``mentions``: what was heard, in the very words.
    """
    surfaces = {m["mention_id"]: str(m["surface"]) for m in mentions}
    found = {}
    for claim in claims:
        texts = [str(claim["value"])]
        texts += [str(a["value"]) for a in claim["alternatives"] if a["probability"] >= _MEANT]
        texts += [surfaces[m] for m in claim["mention_ids"] if m in surfaces]
        tokens = frozenset(token for text in texts for token in _tokens(text))
        supporting = set(claim["utterance_ids"])
        spans: dict[str, tuple[tuple[float, float], ...] | None] = {}
        for one in utterances:
            timed = tuple(
                (max(0.0, start - PAD_S), min(one.seconds, end + PAD_S))
                for word, start, end in one.words
                if is_secret(word, tokens)
            )
            said = any(is_secret(word, tokens) for text in one.texts for word in text.split())
            if timed or (said and one.recording_id is None):
                spans[one.utterance_id] = timed
            elif said or one.utterance_id in supporting:
                spans[one.utterance_id] = None
        found[str(claim["claim_id"])] = Secret(str(claim["claim_id"]), tokens, spans)
    return found


def is_secret(word: str, tokens: frozenset[str]) -> bool:
    """Whether a word is one of those to hide, or sounds and looks like one.

    Parameters
    ----------
    tokens : frozenset of str
        Folded.
    """
    from rapidfuzz.distance import JaroWinkler

    key = fold(word)
    if len(key) < SHORTEST:
        return key in tokens and len(key) > 1
    stems = {key, key.removesuffix("s")}
    if stems & tokens:
        return True
    return any(
        sound(key) == sound(token) and JaroWinkler.similarity(key, token) >= ALIKE
        for token in tokens
        if len(token) >= SHORTEST
    )


def masked(text: str, tokens: frozenset[str], mask: str = "…") -> str:
    """A transcript without the words to hide."""
    return " ".join(mask if is_secret(word, tokens) else word for word in text.split())


def joined(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans in order, those that touch joined.

    Examples
    --------
    >>> joined([(1.0, 2.0), (0.5, 1.2), (3.0, 4.0)])
    [(0.5, 2.0), (3.0, 4.0)]
    """
    found: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _tokens(text: str) -> list[str]:
    return [token for token in (fold(word) for word in text.replace("-", " ").split()) if len(token) > 1]
