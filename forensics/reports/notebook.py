"""What every notebook sets up first: tables that can be sorted and searched, charts that stay here."""

from __future__ import annotations

from forensics.reports.figures import keep_local
from forensics.reports.interactive import make_interactive


def set_up() -> None:
    """Make a notebook's tables sortable and searchable, and keep its charts on this machine."""
    keep_local()
    make_interactive()
