"""Machine keys of the vocabularies: the form in which a kind of thing passes between rooms."""

from __future__ import annotations

import re


def machine_key(name: str) -> str:
    """The key of a listed kind: lower case words joined by underscores.

    Parameters
    ----------
    name : str
        As our word lists have it, such as the types of ``devices.csv``.

    Examples
    --------
    >>> machine_key("Echo Dot"), machine_key("children's room"), machine_key("amazon music")
    ('echo_dot', 'childrens_room', 'amazon_music')
    """
    return "_".join(re.findall(r"\w+", re.sub(r"['’]", "", name.casefold())))
