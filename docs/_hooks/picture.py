"""The picture of the demo's report that README.md shows; ``make figures`` takes it anew."""

from __future__ import annotations

import sys
from pathlib import Path

_CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]
_WIDE, _HIGH = 1100, 1040


def take(report: Path, picture: Path) -> None:
    """The five answers and the clock of the case, as a browser shows them."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(_CHROMIUM), args=_FLAGS)
        page = browser.new_page(viewport={"width": _WIDE, "height": _HIGH})
        page.goto(report.resolve().as_uri())
        page.wait_for_selector(".js-plotly-plot .main-svg", timeout=60_000)
        heading = page.get_by_role("heading", name="Five answers").first
        heading.evaluate("element => window.scrollTo(0, element.getBoundingClientRect().top + scrollY - 16)")
        page.wait_for_timeout(1500)  # charts are drawn as they come into sight
        page.screenshot(path=str(picture))
        browser.close()


if __name__ == "__main__":
    if _CHROMIUM.exists():
        take(
            Path(sys.argv[1]) / "reports" / "report.html", Path(__file__).resolve().parents[1] / "report.png"
        )
    else:
        sys.stderr.write(f"No browser at {_CHROMIUM}: the picture stays as it is.\n")
