"""What kind of device made a recording, from the device type that an utterance id or a record begins with.

Amazon publishes no list. The codes in ``reference/device_types.csv`` are those on which several independent
open-source controllers of Alexa devices agree; a code that is not there stays unknown.
"""

from __future__ import annotations

import re
from functools import cache

from forensics.knowledge.lexicon import read_forms

_CODE = re.compile(r"(?<![A-Z0-9])A[A-Z0-9]{10,13}(?![A-Z0-9])")


def device_type(text: str) -> str | None:
    """The kind of device whose type code stands in `text`.

    Parameters
    ----------
    text : str
        A member's path, an utterance id or a record key.

    Returns
    -------
    str or None
        E.g. ``"Echo Dot"``; generations are not told apart.

    Examples
    --------
    >>> device_type("Audio/A3S5BH2HU6VAYF_1.0_2018_05_15_13_G090LF_07_28.wav")
    'Echo Dot'
    >>> device_type("Audio/0001.wav") is None
    True
    """
    return next((_known()[code] for code in _CODE.findall(text) if code in _known()), None)


def device_names() -> frozenset[str]:
    """Every kind of device that :func:`device_type` can name."""
    return frozenset(_known().values())


@cache
def _known() -> dict[str, str]:
    return {row["code"]: row["name"] for row in read_forms("device_types")}
