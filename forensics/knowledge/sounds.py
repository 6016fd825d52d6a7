"""A rough phonetic key, for names that a recogniser spelled as they sounded."""

from __future__ import annotations

import re

_STEPS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("ph|v|w", "f"), ("ck|q|c|g", "k"), ("tz|z|sch|sh|x|s", "s"), ("th|dt|d", "t"), ("b", "p"),
        ("(?<=.)[aeiouyäöüh]+", ""), ("[aeiouyäöü]", "a"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


def sound(word: str) -> str:
    """The key of `word`: words that recognisers confuse tend to share it.

    Examples
    --------
    >>> sound("meier") == sound("mayer"), sound("kölln") == sound("köln")
    (True, True)
    """
    for pattern, replacement in _STEPS:
        word = pattern.sub(replacement, word)
    return word
