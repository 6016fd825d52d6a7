"""Evidence as text that does nothing: no markup, no formula, no invisible character."""

from __future__ import annotations

import html
import unicodedata

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_KEPT_CONTROLS = frozenset(" \u00a0")


def inert(text: str) -> str:
    """`text` with controls made visible, and neutral as a spreadsheet cell.

    Control, format (bidirectional marks and zero-width characters among them), surrogate and private
    characters become ``⟨U+202E⟩``; a first character that spreadsheets take for a formula gets an
    apostrophe before it (OWASP, "CSV Injection").

    Parameters
    ----------
    text : str
        From evidence. HTML is escaped by the template, not here.
    """
    shown = "".join(c if c in _KEPT_CONTROLS or not _invisible(c) else f"⟨U+{ord(c):04X}⟩" for c in text)
    stripped = shown.lstrip()
    return f"'{shown}" if stripped.startswith(_FORMULA) else shown


def inert_label(text: str) -> str:
    """`text` for a Plotly label: Plotly reads a small part of HTML in labels, so it is escaped too."""
    return html.escape(inert(text), quote=False)


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
