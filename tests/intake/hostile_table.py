"""Prints containers against hostile kinds with the outcome of each: ``make hostile-table``.

Each case is taken in through a real case folder, as a user would. A kind whose outcome is not the one that
the corpus expects is marked, and the command fails.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from forensics import Case
from forensics.corridor.runner import run
from forensics.errors import BundleError
from forensics.intake import take_in
from tests.intake.hostile import CASES, Hostile


def outcome(case: Hostile, folder: Path) -> tuple[set[str], int, int]:
    """Codes of findings, members read, members refused."""
    bundle = folder / "bundle"
    bundle.write_bytes(case.make())
    opened = Case.create(folder / "case")
    try:
        take_in(opened, bundle)
    except BundleError:
        return {"refused"}, 0, 0
    run(opened, until="intake")
    found = opened.frame("findings")
    members = opened.frame("members")
    refused = int((members["disposition"] == "refused").sum())
    assert opened.verify() == []
    return set(found[found["level"] == "finding"]["code"]), len(members) - refused, refused


def main() -> int:
    """Print the table."""
    wrong = 0
    print(f"{'container':<10}{'kind':<52}{'read':>5}{'refused':>8}  findings")
    for case in sorted(CASES.values(), key=lambda c: (c.container, c.kind)):
        with tempfile.TemporaryDirectory() as folder:
            codes, read, refused = outcome(case, Path(folder))
        mark = "" if codes == case.codes else f"   EXPECTED {' '.join(sorted(case.codes)) or 'none'}"
        wrong += bool(mark)
        said = " ".join(sorted(codes)) or "none (ordinary)"
        print(f"{case.container:<10}{case.kind:<52}{read:>5}{refused:>8}  {said}{mark}")
    print(f"{len(CASES)} cases, {wrong} with another outcome than expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
