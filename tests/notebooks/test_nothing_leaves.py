"""Nothing leaves: every notebook runs, every button of every chart is pressed, and nobody else is asked."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import nbformat
import pytest
from lab_page import Lab, run_all

from forensics.reports.figures import CONFIG

pytestmark = [pytest.mark.speech, pytest.mark.browser]
_FORMULA = "$x^2$\n\n```mermaid\ngraph LR; a-->b\n```\n\n![x](https://example.com/x.png)"
NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))
PLOT = ".jp-NotebookPanel:not(.lm-mod-hidden) .js-plotly-plot"
UPLOADS = re.compile(r"share|cloud|chart studio|produced with", re.IGNORECASE)


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[int, list[str]]]:
    """A server on another port of this machine, which stands for everybody else; and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 (the name that http.server calls)

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, asked
    server.shutdown()


def press_every_button(page: Any) -> dict[str, list[str]]:
    """The buttons of each chart by its number; all of them are pressed, those drawn inside a chart too."""
    found: dict[str, list[str]] = {}
    for number in range(page.locator(PLOT).count()):
        chart = page.locator(PLOT).nth(number)
        chart.scroll_into_view_if_needed()
        chart.hover(position={"x": 20, "y": 20})
        bar = chart.locator(".modebar-btn, .modebar a")
        found[str(number)] = [
            str(bar.nth(n).get_attribute("data-title") or bar.nth(n).get_attribute("href") or "")
            for n in range(bar.count())
        ]
        for n in range(bar.count()):
            bar.nth(n).dispatch_event("click")
        inside = chart.locator(".updatemenu-button, .slider-group, .legendtoggle")
        for n in range(inside.count()):
            inside.nth(n).dispatch_event("click")
    return found


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_runs_and_every_button_is_pressed(page: Any, lab: Lab, notebook: str) -> None:
    if notebook.startswith("07"):
        path = lab.folder / notebook
        path.write_text(path.read_text("utf-8").replace("HOUSEHOLDS = 6", "HOUSEHOLDS = 2"), "utf-8")
    run_all(page, lab, notebook)
    page.locator(f"{PLOT} .main-svg").first.wait_for()
    buttons = press_every_button(page)
    for button in page.locator(".jp-OutputArea-output button").all():
        button.dispatch_event("click")
    page.wait_for_timeout(1_000)
    print(f"\n{notebook}: {json.dumps(buttons)}; asked {json.dumps(page.asked.hosts())}")
    assert buttons
    assert [title for titles in buttons.values() for title in titles if UPLOADS.search(title)] == []
    assert len(page.context.pages) == 1
    assert page.asked.outside() == []
    assert lab.outside() == []


SCRATCH = """
import ipywidgets, plotly.express as px
from IPython.display import HTML, display
display(ipywidgets.IntSlider(), ipywidgets.HTML("<b>here</b>"))
display(px.bar(x=[1, 2], y=[2, 1], title="$x^2$"))
display(px.choropleth(locations=["DEU"], color=[1]))
display(HTML('<img src="http://127.0.0.1:PORT/image"><form action="http://127.0.0.1:PORT/form" target="here">'
             '<button id="send">send</button></form><iframe name="here"></iframe>'
             '<link rel="stylesheet" href="http://127.0.0.1:PORT/style">'))
"""


def test_whatever_a_notebook_asks_for_the_browser_refuses(
    page: Any, lab: Lab, canary: tuple[int, list[str]]
) -> None:
    """An analyst's own cells: a formula, a diagram, a widget, a map of the world, and outright requests."""
    port, asked = canary
    markdown = "$\\sum_i x_i$\n\n```mermaid\ngraph LR; a-->b\n```\n\n![x](http://127.0.0.1:PORT/markdown)"
    cells = [
        nbformat.v4.new_markdown_cell(markdown.replace("PORT", str(port))),
        nbformat.v4.new_code_cell(SCRATCH.replace("PORT", str(port))),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.folder / "scratch.ipynb")
    run_all(page, lab, "scratch.ipynb")
    page.locator(f"{PLOT} .main-svg").first.wait_for()
    buttons = press_every_button(page)
    assert not [title for titles in buttons.values() for title in titles if UPLOADS.search(title)]
    elsewhere = f"http://127.0.0.1:{port}"
    for script in (
        f"fetch('{elsewhere}/fetch').catch(() => 0)",
        f"fetch('{elsewhere}/post', {{method: 'POST', mode: 'no-cors', body: 'x'}}).catch(() => 0)",
        f"navigator.sendBeacon('{elsewhere}/beacon', 'x')",
    ):
        page.evaluate(script)
    page.locator("#send").dispatch_event("click")
    page.wait_for_timeout(2_000)
    assert asked == []
    assert lab.outside() == []
    assert page.asked.outside() == []


def test_jupyterlab_lists_no_extensions_news_or_versions(page: Any, lab: Lab) -> None:
    for path in ("lab/api/extensions?refresh=1", "lab/api/extensions?query=plotly&page=1&per_page=30"):
        answer = page.request.get(f"{lab.base}/{path}&token={lab.token}")
        assert answer.ok
    for path in ("lab/api/news", "lab/api/update"):
        answer = page.request.get(f"{lab.base}/{path}?token={lab.token}")
        assert not answer.json().get("news")
        assert not answer.json().get("notification")
    page.goto(f"{lab.base}/lab?reset&token={lab.token}")
    tab = page.locator("[data-id='extensionmanager.main-view'], [title^='Extension Manager']").first
    tab.wait_for()
    tab.click()
    page.wait_for_timeout(1_000)
    assert page.asked.outside() == []
    assert lab.outside() == []


@pytest.mark.parametrize("format", ["html", "slides"])
def test_an_exported_notebook_asks_nobody_when_it_is_opened(
    page: Any, browser: Any, lab: Lab, tmp_path: Path, format: str
) -> None:
    """Opened from the disk, as whoever gets it does, without the policy of the server."""
    notebook = nbformat.read(lab.folder / "01_triage.ipynb", as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(_FORMULA))
    notebook.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2, "version_minor": 0}
    }
    nbformat.write(notebook, lab.folder / "exported.ipynb")
    answer = page.request.get(f"{lab.base}/nbconvert/{format}/exported.ipynb?token={lab.token}")
    assert answer.ok
    assert lab.outside() == []
    path = tmp_path / f"exported.{format}.html"
    path.write_bytes(answer.body())
    context = browser.new_context()
    opened, asked, refused = context.new_page(), [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("requestfailed", lambda r: refused.append(r.url) if r.failure == "csp" else None)
    opened.goto(path.as_uri())
    opened.wait_for_timeout(1_500)
    context.close()
    assert refused == ["https://example.com/x.png"]  # the picture of the text, by the page's own policy
    asked = [url for url in asked if url not in refused]
    assert [url for url in asked if not url.startswith(("data:", "blob:", path.as_uri()))] == []


def test_every_renderer_of_a_notebook_has_the_same_settings() -> None:
    import plotly.express as px
    import plotly.io as pio

    from forensics.reports.figures.style import keep_local

    keep_local()  # as the import does it in a notebook
    shown = px.bar(x=[1], y=[2])._repr_mimebundle_(None, None)
    assert shown.keys() == {"application/vnd.plotly.v1+json"}
    assert CONFIG.items() <= shown["application/vnd.plotly.v1+json"]["config"].items()
    for name in ("plotly_mimetype", "jupyterlab", "notebook", "browser", "iframe", "colab"):
        assert CONFIG.items() <= pio.renderers[name].config.items()
    assert CONFIG["showSendToCloud"] is False
