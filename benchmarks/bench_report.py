"""How large and how fast the reports are for 1,700 recordings, and what a browser and axe say of the page.

The case is written table by table (no model runs). The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "reports"))

from made_case import rows  # noqa: E402

from forensics import Case  # noqa: E402
from forensics.reports import write  # noqa: E402

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def main() -> None:
    """Write every format, look at the page, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=1700)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case = Case.create(folder / "case")
        case.add_bundle("bundle.zip", "ab" * 32)
        for table, content in rows(recordings=chosen.recordings).items():
            case.write_table(table, content)
        write(case, folder / "warm.html", "html")  # imports and gazetteers are read once
        figures: dict[str, Any] = {"recordings": chosen.recordings}
        print(f"{'format':<14}{'MB':>8}{'s':>8}")
        for format, ending in (("html", "html"), ("pdf", "pdf"), ("json", "json"), ("timeline", "csv"),
                               ("notification", "docx"), ("case", "jsonld")):  # fmt: skip
            path = folder / f"report.{ending}"
            seconds = timed(lambda f=format, p=path: write(case, p, f))
            figures |= {f"{format}_mb": round(path.stat().st_size / 1e6, 2), f"{format}_s": round(seconds, 2)}
            print(f"{format:<14}{path.stat().st_size / 1e6:>8.2f}{seconds:>8.2f}")
        figures |= check_pdf(folder / "report.pdf")
        if os.access(chosen.browser, os.X_OK):
            figures |= look(folder / "report.html", chosen.browser)
    print(json.dumps(figures))


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def check_pdf(path: Path) -> dict[str, Any]:
    """Errors that pdfua finds: it checks a part of PDF/UA-1, and veraPDF is not to be had here."""
    command = Path(sys.executable).with_name("pdfua")
    if not command.exists():
        return {"pdf_ua_errors": None, "pdf_ua_checked": "pdfua is not installed"}
    done = subprocess.run([command, "check", path], capture_output=True, text=True, check=False)
    errors = re.search(r"errors=(\d+)", done.stdout)
    rules = re.search(r"\d+ of \d+ PDF/UA-1 rules", done.stdout)
    print(
        f"pdfua: {errors[1] if errors else '?'} errors, {rules[0] if rules else '?'}; not veraPDF-certified"
    )
    return {
        "pdf_ua_errors": int(errors[1]) if errors else None,
        "pdf_ua_checked": rules[0] if rules else None,
    }


def look(page_path: Path, browser: str) -> dict[str, Any]:
    """What the browser asks for, how long until the charts stand, and what axe finds."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        page = chromium.new_page(bypass_csp=True)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        started = time.perf_counter()
        page.goto(page_path.as_uri())
        page.wait_for_selector("html[data-drawn]")
        drawn = time.perf_counter() - started
        outward = [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
        found = Axe().run(page, options={"runOnly": RULES})
        chromium.close()
    print(
        f"charts drawn after {drawn:.1f} s, {len(outward)} requests, {found.violations_count} axe violations"
    )
    return {"drawn_s": round(drawn, 1), "requests": len(outward), "axe_violations": found.violations_count}


if __name__ == "__main__":
    main()
