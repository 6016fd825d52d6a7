"""Import of a library without its optional parts.

Some libraries load whatever else they find installed, whether it is used or not: spaCy's thinc loads torch
(1.7 s of CPU and 200 MB), jsonschema compiles a grammar of web addresses (2.3 s).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Within this block these modules cannot be imported, unless they are loaded already.

    Parameters
    ----------
    *modules : str
        Names of modules that a library treats as optional: it must take an ImportError for their absence.
        What it finds absent stays so for it until the process ends; others can import the module afterwards.
    """
    absent = [name for name in modules if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # the import system takes None for "not there"
    try:
        yield
    finally:
        for name in absent:
            if sys.modules.get(name, ...) is None:
                del sys.modules[name]
