"""Hashes of things side by side: neighbouring words, the letters of a word."""

from __future__ import annotations

from typing import Any

import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""2⁶⁴ over the golden ratio, odd: the factor of multiplicative hashing (Knuth 1973, 6.4)."""
_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)


def mixed(one: Any, two: Any) -> Any:
    """The hashes of two things side by side, arrays of uint64; their order counts, products overflow."""
    return (one * GOLDEN + two) * _SECOND
