"""The view behind the review: a decision changes one row of it, and nothing else is read again."""

from __future__ import annotations

from forensics.case.review import row_key
from forensics.case.rows import Row, records
from forensics.reports.view import View


class ReviewView(View):
    """A case as the reviewer sees it; see :class:`forensics.reports.view.View`."""

    def undecided_rows(self, table: str) -> list[Row]:
        """Rows of a table as the stages wrote them, without any decision; none if it was not written yet."""
        if (key := f"{table} undecided") not in self._rows:
            if self.case.has_table(table) and self.case.review.decisions(table):
                self._rows[key] = self.case.rows(table, reviewed=False)
            else:
                self._rows[key] = self.rows(table)
        return self._rows[key]

    def after_decision(self, table: str, row_id: str) -> ReviewView:
        """The same view once a row was decided on.

        Parameters
        ----------
        table, row_id : str
            What the decision names; :meth:`undecided_rows` of the table was read before it was made.
        """
        import pandas as pd

        key = row_key(table)
        written = next(row for row in self.undecided_rows(table) if row[key] == row_id)
        decided = records(self.case.review.apply(table, pd.DataFrame([written], dtype=object)))
        others = [row for row in self.rows(table) if row[key] != row_id]
        other = ReviewView(self.case, self.masker, self.words, self.report_k)
        other._rows = {**self._rows, table: [*others, *decided]}
        return other
