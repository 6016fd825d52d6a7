"""Colours of the figures: chosen for contrast (WCAG 2.1, 1.4.11) and told apart without hue as well."""

from __future__ import annotations

LIGHT = {
    "ink": "#1b2433", "muted": "#55617a", "grid": "#dde3ec", "paper": "#ffffff",
    "main": "#1f5fa8", "second": "#a9490f", "third": "#2b6e50", "soft": "#b9d0ea", "faint": "#a3adbd",
    "low": "#dfeee6", "medium": "#fbf0d0", "high": "#f9dcc8", "very_high": "#f3c4c4",
}  # fmt: skip
"""What the figures are built with; notebooks and print use it as it is."""

DARK = {
    "ink": "#e7ebf2", "muted": "#a5b1c4", "grid": "#313c4e", "paper": "#151b26",
    "main": "#74b0f4", "second": "#f2a065", "third": "#6cc79c", "soft": "#34537a", "faint": "#64718a",
    "low": "#1f3a2e", "medium": "#453a17", "high": "#4d2f1c", "very_high": "#572628",
}  # fmt: skip
"""What the script of the HTML report swaps in for readers who prefer dark."""
