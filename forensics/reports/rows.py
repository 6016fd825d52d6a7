"""Claims, risks and tables as a notebook shows them: masked, escaped, and each leading to its utterances.

A data frame displays every value that it holds, names among them. What is here shows the same rows to
somebody who has not said why names must be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from forensics.case.rows import Row
from forensics.reports.inert import inert
from forensics.reports.sentences import headline_sentence
from forensics.reports.shown import LEFT_OUT, cell
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case
    from forensics.case.tables import Column

_SHOWN = 40


@dataclass(frozen=True)
class Claim:
    """One claim.

    Parameters
    ----------
    view : View
    row : dict
        A row of ``claims``.
    """

    view: View
    row: Row

    def __repr__(self) -> str:
        w, row = self.view.words, self.row
        number, heard = self.view.claim_numbers.get(row["claim_id"]), w.count("utterances", row["n_support"])
        what = f"{w.name('attribute', row['attribute'])} {self.view.claim_text(row)}"
        return f"C{number} {what}: {w.percent(row['p_true'])}, {heard}"

    def _repr_html_(self) -> str:
        heard = sorted(self.view.numbers[u] for u in self.row["utterance_ids"] if u in self.view.numbers)
        listed = ", ".join(f"U{n}" for n in heard[:_SHOWN])
        return f"<p><strong>{escape(repr(self))}</strong><br>{listed}</p>"


@dataclass(frozen=True)
class Risk:
    """How one adversary fares.

    Parameters
    ----------
    view : View
    row : dict
        A row of ``risk``.
    """

    view: View
    row: Row

    def __repr__(self) -> str:
        return headline_sentence(self.view, self.row)

    def _repr_html_(self) -> str:
        ends = (self.row[f"p_identify_{end}"] for end in ("lo", "mid", "hi"))
        low, middle, high = (100 * end for end in ends)
        part = "position:absolute;height:14px"
        bar = (
            '<div style="position:relative;height:14px;background:#dde3ec;max-width:480px">'
            f'<div style="left:{low:.1f}%;width:{high - low:.1f}%;background:#1f5fa8;{part}"></div>'
            f'<div style="left:{middle:.1f}%;width:3px;background:#1b2433;{part}"></div></div>'
        )
        return f"<p>{escape(repr(self))}</p>{bar}"


@dataclass(frozen=True)
class Rows:
    """A table's first rows.

    Parameters
    ----------
    view : View
    name : str
    """

    view: View
    name: str

    def _repr_html_(self) -> str:
        from forensics.case.schemas import TABLES

        rows, columns = self.view.rows(self.name), TABLES[self.name].all_columns
        head = "".join(f"<th>{escape(column.name)}</th>" for column in columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(self._cell(row, c))}</td>' for c in columns)}</tr>"
            for row in rows[:_SHOWN]
        )
        count = f"{self.name}: {min(len(rows), _SHOWN)} of {len(rows)} rows"
        return f"<p>{count}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _cell(self, row: Row, column: Column) -> str:
        value = row[column.name]
        if value is None or column.shown_masked:
            return "" if value is None else inert(str(value))
        return inert(str(cell(self.view, self.name, row, column.name) or LEFT_OUT))


def claims(case: Case, *, reveal: bool = False, purpose: str = "") -> list[Claim]:
    """The claims of a case, the surest first.

    Parameters
    ----------
    case : Case
    reveal : bool
        Show names.
    purpose : str
        Why; goes into the custody log.

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose.
    """
    view = View.of_case(case, reveal=reveal, purpose=purpose, report_k=0)
    return [Claim(view, row) for row in view.claims]


def risks(case: Case) -> list[Risk]:
    """How each adversary fares, by data subject.

    Parameters
    ----------
    case : Case
    """
    view = View.of_case(case, report_k=0)
    return [Risk(view, row) for row in view.rows("risk")]


def rows(case: Case, table: str) -> Rows:
    """A table as somebody may see it who has not said why names must be seen.

    Parameters
    ----------
    case : Case
    table : str
    """
    return Rows(View.of_case(case, report_k=0), table)
