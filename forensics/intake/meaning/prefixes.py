"""The verb that an activity list puts before what was said: "Said play jazz", "Gesagt: spiel Jazz"."""

# ruff: noqa: E501 (patterns are easier to read whole)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from forensics.intake.meaning.spoken import spoken_score, woken

_KNOWN = re.compile(
    r"(?:you )?(?:said|asked)|(?:du hast |sie haben )?(?:gesagt|gefragt|gesprochen)|(?:vous avez |tu as )?(?:dit|demandé)|(?:has )?dicho|"
    r"dijo|dijiste|preguntaste|(?:hai )?(?:detto|chiesto)|(?:je )?(?:hebt )?(?:gezegd|gevraagd)|sagte|(?:você )?(?:disse|perguntou)|"
    r"powiedzian[eo]|powiedział[aeś]*|(?:du )?(?:sade|sa|sagde)|sanoit|řekli jste|söylediniz|söylenen|вы сказали|сказано|ezt mondta",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^\s*((?:[^\s:：\d]+\s){0,3}?[^\s:：\d]+)\s*([:：]|\s)\s*(?=\S)")
_LEAST = 0.3


def spoken_part(text: str, prefix: str | None = None) -> str | None:
    """What follows the verb; None if no such verb stands before the text.

    Parameters
    ----------
    text : str
    prefix : str, optional
        The verb that this list uses, from :func:`common_prefix`, besides those that are known.

    Examples
    --------
    >>> spoken_part("Gesagt: spiel Jazz"), spoken_part("Said play jazz"), spoken_part("Visited example.org")
    ('spiel Jazz', 'play jazz', None)
    """
    plain = text.strip()
    match = _KNOWN.match(plain)
    if match and match.end() < len(plain) and plain[match.end()] in " :：\u00a0":
        rest = plain[match.end() :].lstrip(" :：\u00a0")
        return rest.strip('"“”„«»‚‘’ ') or None
    if prefix and plain.casefold().startswith(prefix):
        return plain[len(prefix) :].lstrip(" :：").strip('"“”„«»') or None
    return None


def common_prefix(texts: Sequence[str]) -> str | None:
    """The words before a colon, or the first word, that many texts share while what follows reads like speech.

    In one spelling; None if there is none. A wake word is no such prefix.
    """
    texts = [text for text in texts if text.strip()]
    if len(texts) < 3:
        return None
    counts: Counter[str] = Counter()
    for text in texts:
        before, colon, _ = text.partition(":")
        if colon and len(before.split()) <= 4 and len(before) <= 40:
            counts[before.strip().casefold() + ":"] += 1
        first = text.split(None, 1)[0]
        if len(text.split()) >= 2:
            counts[first.casefold() + " "] += 1
    for prefix, count in counts.most_common(3):
        if count < max(3, _LEAST * len(texts)) or woken(prefix):
            continue
        rest = [
            t.strip()[len(prefix) :].lstrip(" :：\u00a0")
            for t in texts
            if t.strip().casefold().startswith(prefix)
        ]
        if len({r.casefold() for r in rest}) < 3:
            continue
        better = spoken_score(rest) > spoken_score(texts) + 0.1
        most = prefix.endswith(":") and count >= 0.6 * len(texts)
        if spoken_score(rest) >= 0.6 and (better or most):
            return prefix
    return None
