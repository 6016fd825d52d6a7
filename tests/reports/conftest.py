"""A small case written table by table, so that reports are tested without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from made_case import SENTENCE, rows

from forensics import Case, Options


@pytest.fixture(scope="session")
def make_case(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Case]:
    """Makes cases whose recordings say a given text."""

    def make(text: str = SENTENCE, *, recordings: int = 24, options: Options | None = None) -> Case:
        case = Case.create(tmp_path_factory.mktemp("case") / "case", options=options, purpose="test")
        case.add_bundle("bundle.zip", hashlib.sha256(b"bundle").hexdigest())
        for name, content in rows(text, recordings=recordings).items():
            case.write_table(name, content)
        return case

    return make


@pytest.fixture(scope="session")
def small_case(make_case: Callable[..., Case]) -> Case:
    """A case of 24 recordings. Tests must not change it."""
    return make_case()
