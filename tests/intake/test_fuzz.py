"""Mutated archives and exports: refusals and findings, never a traceback."""

from __future__ import annotations

import random
import zlib

import pytest

from forensics.intake.exports import layouts
from tests.intake.fuzz import TARGETS

RUNS = {"archive": 20_000}


def test_every_layout_has_a_target() -> None:
    assert {layout.name for layout in layouts()} <= set(TARGETS)


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_mutated_input_never_breaks_a_reader(target: str) -> None:
    seed = zlib.crc32(target.encode())
    for run in range(RUNS.get(target, 3_000)):
        try:
            TARGETS[target](random.Random(seed + run))
        except Exception as error:
            raise AssertionError(f"seed {seed + run} of target {target}: {error!r}") from error
