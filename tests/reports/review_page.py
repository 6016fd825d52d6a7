"""The review's page in a browser, with the real widget behind it and no Jupyter between them."""

from __future__ import annotations

import base64
from typing import Any

from forensics.reports.review_widget import ReviewWidget

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Review</title></head>
<body><main><h1>Notebook</h1><h2>Review</h2><div id="review"></div></main></body></html>"""
_START = """async ([script, style, state]) => {
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  const heard = {};
  const tell = (name, ...what) => (heard[name] ?? []).forEach((listener) => listener(...what));
  const model = {
    get: (key) => state[key],
    set: (key, value) => { state[key] = value; },
    save_changes: () => window.toWidget({ state: { reviewer: state.reviewer } }),
    on: (name, listener) => { (heard[name] ??= []).push(listener); },
    off: () => {},
    send: async (message) => {
      for (const [content, buffers, now] of await window.toWidget({ message })) {
        if (now.unmasked !== state.unmasked) { state.unmasked = now.unmasked; tell("change:unmasked"); }
        const raw = buffers.map((one) => Uint8Array.from(atob(one), (letter) => letter.charCodeAt(0)).buffer);
        tell("msg:custom", content, raw);
      }
    },
  };
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const module = await import(address);
  module.default.render({ model, el: document.getElementById("review") });
}"""


def open_review(page: Any, widget: ReviewWidget) -> None:
    """Show a widget in a page.

    Parameters
    ----------
    page : playwright page
    widget : ReviewWidget
    """
    said: list[tuple[Any, list[Any]]] = []
    widget.send = lambda message, buffers=None: said.append((message, buffers or []))  # type: ignore[method-assign]

    def asked(_: Any, given: dict[str, Any]) -> list[Any]:
        if "state" in given:
            widget.reviewer = given["state"]["reviewer"]
            return []
        said.clear()
        widget.answer(given["message"])
        now = {"unmasked": widget.unmasked}
        told = [(m, [base64.b64encode(b).decode() for b in buffers], now) for m, buffers in said]
        return told or [({"say": "nothing"}, [], now)]

    page.expose_binding("toWidget", asked)
    page.set_content(_PAGE)
    state = {"words": widget.words, "reviewer": widget.reviewer, "unmasked": widget.unmasked}
    page.evaluate(_START, [widget._esm, widget._css, state])
