"""Tables of a notebook that can be sorted and searched; their code (DataTables) is in the notebook itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

ROWS = 8
"""Rows that a table shows at once: with its picture it fits a screen (assumption)."""


def make_interactive() -> None:
    """Make every table that this notebook shows sortable and searchable, without a network."""
    import itables
    import itables.options as chosen

    chosen.display_logo_when_loading = False
    chosen.showIndex = "auto"
    chosen.autoWidth = False
    chosen.classes = "display compact"  # without "nowrap", which cuts long cells off
    chosen.style = "width:auto;max-width:100%;margin:0"
    chosen.pageLength = ROWS
    chosen.lengthMenu = [ROWS, 25, 100, -1]
    itables.init_notebook_mode(all_interactive=True, connected=False)


def ready() -> bool:
    """Whether :func:`make_interactive` was called here."""
    import sys

    chosen = sys.modules.get("itables.options")
    return chosen is not None and getattr(chosen, "pageLength", None) == ROWS


def table_html(frame: pd.DataFrame, numeric: list[int]) -> str:
    """A table as a notebook shows it; one that fits the screen has neither search nor pages.

    Parameters
    ----------
    frame : pandas.DataFrame
        Texts; they are shown as text, whatever they hold.
    numeric : list of int
        Columns aligned to the right.
    """
    import itables

    small: dict[str, Any] = {
        "paging": False,
        "layout": {"topStart": None, "topEnd": None, "bottomStart": None, "bottomEnd": None},
    }
    sides = [
        {"className": "dt-right" if n in numeric else "dt-left", "targets": n}
        for n in range(len(frame.columns))
    ]
    shown = small if len(frame) <= ROWS else {}
    return itables.to_html_datatable(
        frame, connected=False, showIndex=False, columnDefs=sides, order=[], **shown
    )
