"""What a case and its parts look like in a notebook: masked, escaped, without scripts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from forensics.reports.exhibit import _STYLE
from forensics.reports.summary import findings
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case


def case_html(case: Case) -> str:
    """A case as a notebook shows it: its findings and its tables, names masked.

    Parameters
    ----------
    case : Case
    """
    from forensics.case.schemas import TABLES

    view = View.of_case(case)
    lines = "".join(f"<li>{escape(line)}</li>" for line in findings(case))
    tables = [(name, TABLES[name].row, str(len(view.rows(name)))) for name in case.table_names]
    body = "".join(f"<tr>{''.join(f'<td>{escape(v)}</td>' for v in row)}</tr>" for row in tables)
    return (
        f"<div><p><strong>{escape(str(case.folder))}</strong></p><ul>{lines}</ul>"
        f"<details><summary>{len(tables)} tables</summary>"
        f'<table style="{_STYLE}"><thead><tr><th>table</th><th>a row is</th><th>rows</th></tr></thead>'
        f"<tbody>{body}</tbody></table></details></div>"
    )
