"""What a finding means and what to do about it, in general words: they quote nothing.

A finding's own message may name a column, a file or a device of the bundle. Where names are masked, these
words stand in its place.
"""

from __future__ import annotations

from functools import cache

from forensics.knowledge.lexicon import read_forms

OTHER = {
    "en": ("Something odd that this list does not describe.", "Look it up in the table of findings."),
    "de": ("Eine Auffälligkeit, die diese Liste nicht beschreibt.", "In der Tabelle der Befunde nachsehen."),
}
"""For a code without general words."""


def in_general(code: str, language: str = "en") -> tuple[str, str]:
    """The message and the remedy of a finding's code.

    Parameters
    ----------
    code : str
        As in the table ``findings``.
    language : {'en', 'de'}
        In which it is written.

    Examples
    --------
    >>> in_general("empty-recording")[0]
    'The recording holds no sound.'
    """
    return _words(language).get(code, OTHER[language])


@cache
def _words(language: str) -> dict[str, tuple[str, str]]:
    rows = read_forms("findings")
    return {row["code"]: (row[f"message_{language}"], row[f"remedy_{language}"]) for row in rows}
