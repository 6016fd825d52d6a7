"""The portfolio on one page: sums only, nothing loaded, small cells withheld."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any


def report_html(said: Mapping[str, Any]) -> str:
    """The page for a summary of :func:`forensics.batch.portfolio.summary`."""
    from jinja2 import Environment

    def pct(share: float) -> str:
        return f"{100 * share:.1f} %"

    count = said.get("outliers")
    outliers = (
        "How many people are as good as identified (P of .9 or more) is withheld."
        if count is None
        else f"{count} people are as good as identified (P of .9 or more)."
    )
    template = (resources.files("forensics.batch") / "portfolio.html.j2").read_text("utf-8")
    page = Environment(autoescape=True).from_string(template)
    return page.render(s=said, pct=pct, outliers=outliers).lstrip()
