"""Where in the recordings a claim can be heard: the words to silence, or the recordings to withhold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forensics.knowledge.names import fold, sound

PAD_S = 0.15
"""Word times of recognition are off by about this much; a margin on both sides is silenced too."""
ALIKE = 0.85
"""Jaro-Winkler similarity at which a word of the same sound counts as the word to hide."""
SHORTEST = 3
_MEANT = 0.05


@dataclass(frozen=True)
class Sound:
    """One recording with its transcripts.

    Parameters
    ----------
    recording_id, sha256 : str
    seconds : float
    words : tuple of (str, float, float)
        Word, start and end in seconds, of the transcript with word times; empty if there is none.
    texts : tuple of str
        All transcripts.
    """

    recording_id: str
    sha256: str
    seconds: float
    words: tuple[tuple[str, float, float], ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Secret:
    """What has to go if a claim is to be hidden.

    Parameters
    ----------
    claim_id : str
    tokens : frozenset of str
        Folded words.
    spans : dict
        From recording id to the seconds to silence; None where the recording has to be withheld, because
        the claim rests on it and the words have no times.
    """

    claim_id: str
    tokens: frozenset[str]
    spans: Mapping[str, tuple[tuple[float, float], ...] | None] = field(default_factory=dict)


def secrets_of(
    claims: Iterable[Mapping[Any, Any]], mentions: Iterable[Mapping[Any, Any]], sounds: Sequence[Sound]
) -> dict[str, Secret]:
    """What has to go for each claim, by claim id.

    Parameters
    ----------
    claims : iterable of mapping
        Rows of ``claims`` that recordings support.
    mentions : iterable of mapping
        Rows of ``mentions``: what was heard, in the very words.
    sounds : sequence of Sound
    """
    surfaces = {m["mention_id"]: (str(m["surface"]), m["recording_id"]) for m in mentions}
    found = {}
    for claim in claims:
        texts = [str(claim["value"])]
        texts += [str(a["value"]) for a in claim["alternatives"] if a["probability"] >= _MEANT]
        texts += [surfaces[m][0] for m in claim["support"] if m in surfaces]
        tokens = frozenset(token for text in texts for token in _tokens(text))
        supporting = set(claim["recordings"])
        spans: dict[str, tuple[tuple[float, float], ...] | None] = {}
        for one in sounds:
            timed = tuple(
                (max(0.0, start - PAD_S), min(one.seconds, end + PAD_S))
                for word, start, end in one.words
                if is_secret(word, tokens)
            )
            said = any(is_secret(word, tokens) for text in one.texts for word in text.split())
            if timed:
                spans[one.recording_id] = timed
            elif said or one.recording_id in supporting:
                spans[one.recording_id] = None
        found[str(claim["claim_id"])] = Secret(str(claim["claim_id"]), tokens, spans)
    return found


def is_secret(word: str, tokens: frozenset[str]) -> bool:
    """Whether a word is one of those to hide, or sounds and looks like one.

    Parameters
    ----------
    word : str
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
    """A transcript without the words to hide.

    Parameters
    ----------
    text : str
    tokens : frozenset of str
    mask : str
    """
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
