"""How long the review's page takes with many recordings: its list, a move in it, a search, a decision.

The case is made of the demo's tables, repeated under other ids until it holds so many recordings; the page is
the one that a notebook shows, in Chromium, with the widget behind it. Times are from the key to the row on
the screen.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from forensics import Case
from forensics.reports.review_widget import review

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "reports"))
_IDS = ("utt-", "rec-", "tra-", "men-", "per-", "clm-", "int-", "mat-", "shg-", "evt-", "aud-", "trn-")
MOVES = 40


def many(source: Path, folder: Path, recordings: int) -> Case:
    """A copy of a case whose tables are repeated under other ids until it holds so many recordings."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("work", "reports", "notebooks"))
    case = Case.open(folder)
    (folder / "review.jsonl").unlink(missing_ok=True)
    copies = -(-recordings // max(1, len(case.rows("recordings"))))
    for name in ("recordings", "utterances", "audio", "transcripts", "mentions", "intents", "persons",
                 "claims", "second_hearing"):  # fmt: skip
        rows = case.rows(name, reviewed=False)
        case.write_table(name, [_again(row, n) for n in range(copies) for row in rows])
    return case


def _again(value: Any, n: int) -> Any:
    """A row under the ids of its n-th copy."""
    if isinstance(value, dict):
        return {key: _again(one, n) for key, one in value.items()}
    if isinstance(value, list):
        return [_again(one, n) for one in value]
    return f"{value}-{n}" if isinstance(value, str) and value.startswith(_IDS) and n else value


def timed(page: Any, act: Callable[[], Any], until: str, argument: Any = None) -> float:
    """Milliseconds from an act until the page shows what follows from it."""
    start = time.perf_counter()
    act()
    page.wait_for_function(until, arg=argument, polling="raf")
    return (time.perf_counter() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", type=Path, default=ROOT / "build" / "demo", help="made by 'make demo'")
    parser.add_argument("--recordings", type=int, default=1700)
    chosen = parser.parse_args()
    from playwright.sync_api import sync_playwright
    from review_page import open_review

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        case = many(chosen.case, Path(folder) / "case", chosen.recordings)
        counts = {name: len(case.rows(name)) for name in ("recordings", "mentions", "persons", "claims")}
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        widget = review(case, reviewer="A. Analyst", purpose="benchmark")
        found: dict[str, Any] = {**counts}
        row = "() => document.querySelector('.fr-row h3') && document.querySelectorAll('.fr-line').length > 5"
        found["first_row_ms"] = timed(page, lambda: open_review(page, widget), row)
        for table in ("mentions", "persons", "claims", "transcripts"):
            shown = "(name) => document.querySelector(`[data-table=${name}]`).ariaSelected === 'true' && " \
                    "document.querySelector('.fr-row h3').textContent.startsWith(document.querySelector(" \
                    "'.fr-line[aria-selected=true] .fr-no').textContent)"  # fmt: skip
            found[f"{table}_ms"] = timed(page, lambda t=table: page.click(f"[data-table={t}]"), shown, table)
        page.focus(".fr-list")
        same = "(was) => document.querySelector('.fr-row h3').textContent !== was"
        moves = []
        for _ in range(MOVES):
            was = page.inner_text(".fr-row h3")
            moves.append(timed(page, lambda: page.keyboard.press("ArrowDown"), same, was))
        found["move_ms"] = statistics.median(moves)
        found["move_worst_ms"] = max(moves)
        was = page.inner_text(".fr-row h3")
        found["end_ms"] = timed(page, lambda: page.keyboard.press("End"), same, was)
        was = page.inner_text(".fr-row h3")
        found["accept_ms"] = timed(page, lambda: page.keyboard.press("Home"), same, was)
        was = page.inner_text(".fr-row h3")
        found["accept_ms"] = timed(page, lambda: page.keyboard.press("a"), same, was)
        was = page.inner_text(".fr-row h3")
        found["second_accept_ms"] = timed(page, lambda: page.keyboard.press("a"), same, was)
        page.fill("[data-find=text]", "licht")
        count = "() => /Found/.test(document.querySelector('.fr-say').textContent)"
        found["search_ms"] = timed(page, lambda: page.keyboard.press("Enter"), count)
        found["lines_drawn"] = page.locator(".fr-line").count()
        browser.close()
    found = {name: round(value, 1) for name, value in found.items()}
    for name, value in found.items():
        print(f"{name:>18} {value:>10,}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
