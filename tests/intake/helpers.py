"""A bundle taken in, as rows."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics import Case
from forensics.corridor.runner import run
from forensics.intake import take_in
from tests.intake.making import zipped

Row = dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """The tables that intake writes."""

    members: list[Row]
    fields: list[Row]
    findings: list[Row]
    groups: list[Row]
    devices: list[Row]
    passages: list[Row]
    recordings: list[Row]
    case: Case

    @property
    def codes(self) -> set[str]:
        """Codes of findings; notes left out."""
        return {row["code"] for row in self.findings if row["level"] == "finding"}

    @property
    def said(self) -> list[Row]:
        """What was said, by place in its file."""
        rows = [row for row in self.passages if row["role"] == "transcript"]
        return sorted(rows, key=lambda r: (r["member_id"], r["page"] or 0, r["line"] or 0))

    @property
    def texts(self) -> list[str]:
        """The words of all utterances: of histories and of recordings."""
        spoken = [row["vendor_text"] for row in self.recordings if row["vendor_text"]]
        return sorted([row["text"] for row in self.said] + spoken)

    def account(self, meaning: str) -> list[str]:
        """Texts of the account's files in a meaning."""
        return sorted(r["text"] for r in self.passages if r["role"] == "account" and r["meaning"] == meaning)

    def meaning(self, name: str) -> str:
        """What a field was read as."""
        return next(row["meaning"] for row in self.fields if (row["name"] or "").endswith(name))


def taken(*members: tuple[str, bytes]) -> Taken:
    """A zip of these members, taken in."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "export.zip"
        bundle.write_bytes(zipped(*members))
        return taken_path(bundle)


def taken_path(*paths: Path) -> Taken:
    """Bundles or folders, taken in together."""
    with tempfile.TemporaryDirectory() as folder:
        case = Case.create(Path(folder) / "case")
        for path in paths:
            take_in(case, path)
        run(case, until="intake")
        names: Sequence[str] = (
            "members", "fields", "findings", "groups", "devices", "passages", "recordings",
        )  # fmt: skip
        return Taken(*(case.rows(name) for name in names), case=case)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """A delimited table."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([header, *rows])
    return out.getvalue().encode()
