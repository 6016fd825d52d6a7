"""Text that would do something elsewhere: formulas, markup, live credentials. Here it is only text."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.intake.problems import Problem

if TYPE_CHECKING:
    from forensics.intake.texts import Cell

_FORMULA = re.compile(r"\s*(=\s*[\w(+\-@\"']|@[A-Za-z]+\(|[+\-][A-Za-z]+\(|[=+\-@][^|]{0,80}\|\s*'?[^|]*!)")
_MARKUP = re.compile(
    r"<\s*(script|iframe|img|svg|object|embed|link|meta|base|form|style|body|a)\b[^>]*>?|\bon\w+\s*=\s*[\"']|"
    r"\bjavascript\s*:|&#x?0*(60|3c);\s*script",
    re.IGNORECASE,
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")

# Where a secret stands: by the field's name, or by a form that nothing else has.
_SECRET_FIELD = re.compile(
    r"pass(word|wort|phrase|wd)?$|pre.?shared.?key|\bpsk\b|wpa.?key|wifi.?key|wlan.?schl|netzwerkschl|"
    r"cookie|(access|refresh|bearer|auth|session|id|security|csrf)[._ -]?token|secret|api.?key|"
    r"private.?key|credential|"
    r"(session|at|ubid|x)[-_](main|acb\w*|token|id)$",
    re.IGNORECASE,
)
_COOKIE_NAME = re.compile(
    r"(?:session|session-id)-token|(?:sess-)?at-(?:main|acb\w+)|(?:x|ubid)-(?:main|acb\w+)"
)
_NAMES, _VALUES = frozenset({"name", "key", "cookie"}), frozenset({"value", "val", "content"})
_SECRET_FORM: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("token", re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")),  # JSON web token, RFC 7519
    ("token", re.compile(r"\bAt[a-z]{2}\|[\w+/=|-]{20,}")),  # Login with Amazon: Atza, Atzr, Atna
    ("token", re.compile(r"\bya29\.[\w-]{20,}")),
    ("token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}")),
    ("access key", re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("bearer token", re.compile(r"\bBearer\s+[\w.~+/-]{16,}=*", re.IGNORECASE)),
    ("session cookie", re.compile(r"\b(session-token|session-id-token|at-main|at-acb\w+|sess-at-\w+|x-acb\w+)"
                                  r"\s*[=:]\s*\"?[^\s\";,]{8,}")),
)  # fmt: skip
_PLACEHOLDER = re.compile(
    r"[*•x.\s-]+|true|false|yes|no|ja|nein|success|failure|none|wpa\d?.{0,10}|wep|open", re.IGNORECASE
)


def suspicious(cells: Iterable[Cell], *, markup_is_plain: bool = False) -> list[Problem]:
    """What is odd about the texts of one member.

    Parameters
    ----------
    cells : iterable of Cell
    markup_is_plain : bool
        The member is a page, whose text was taken out of its markup.
    """
    formulas = marked = turned = 0
    secrets: Counter[tuple[str, str, str]] = Counter()
    for cell in cells:
        text = cell.text[:20_000]
        formulas += bool(text[:1] in "=+-@ \t" and _FORMULA.match(text))
        marked += bool(not markup_is_plain and "<" in text + "&" and _MARKUP.search(text))
        turned += bool(_BIDI.search(text))
        if (secret := _secret(cell.field or "", text)) is not None:
            secrets[secret] += 1
    found = [credential(kind, field, shown, count) for (kind, field, shown), count in sorted(secrets.items())]
    if formulas:
        found.append(Problem("formula", f"{formulas} texts begin like a spreadsheet formula; kept as text."))
    if marked:
        found.append(
            Problem("markup", f"{marked} texts hold markup or script; kept as text, never rendered.")
        )
    if turned:
        found.append(Problem("text-bidi", f"{turned} texts turn the writing direction; shown without."))
    return found


def paired(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Cells in which a value stands under the name that its record gives it.

    A browser's cookie export has ``{"name": "session-token", "value": "…"}``, a cookie file a column of names
    and one of values: the secret's own column says nothing of what it is.

    Parameters
    ----------
    cells : iterable of Cell
        In order; those of one record share the line.
    """
    for _, record in itertools.groupby(cells, key=lambda cell: cell.line):
        names: dict[str, str] = {}
        previous = ""
        for cell in record:
            parent, _, last = (cell.field or "").rpartition(".")
            text = cell.text.strip()
            if last.lower() in _NAMES and _SECRET_FIELD.search(text):
                names[parent] = text
            elif last.lower() in _VALUES and parent in names:
                cell = replace(cell, field=names[parent])
            elif _COOKIE_NAME.fullmatch(previous):
                cell = replace(cell, field=previous)
            previous = text
            yield cell


def without_secrets(field: str | None, text: str) -> str:
    """`text` with live credentials masked, as it may stand in a table."""
    if _secret(field or "", text) is None:
        return text
    masked = text
    for kind, form in _SECRET_FORM:
        masked = form.sub(f"[{kind}, masked]", masked)
    return masked if masked != text else "[masked]"


def credential(kind: str, field: str, shown: str, count: int = 1) -> Problem:
    """The finding for a secret that still may open something."""
    where = f" under '{field}'" if field else ""
    times = f" ({count} times)" if count > 1 else ""
    return Problem(
        "live-credential",
        f"A {kind}{where}: {shown}{times}. It may still open an account or a network.",
        "Do not use it. Tell its owner and the controller at once, so that it is revoked.",
    )


def mask(secret: str) -> str:
    """How long a secret is, and nothing of it."""
    return f"{len(secret)} characters, masked"


def _secret(field: str, text: str) -> tuple[str, str, str] | None:
    for kind, form in _SECRET_FORM:
        if match := form.search(text):
            return kind, _safe(field), mask(match[0])
    value = text.strip()
    named = bool(field) and len(value) >= 6 and _SECRET_FIELD.search(field.rpartition(".")[2].strip())
    if named and not _PLACEHOLDER.fullmatch(value):
        return _kind(field), _safe(field), mask(value)
    return None


def _kind(field: str) -> str:
    if re.search(r"pre.?shared|psk|wpa|wifi|wlan|netzwerk", field, re.IGNORECASE):
        return "network key"
    if re.search(r"cookie|session|at-|ubid", field, re.IGNORECASE):
        return "session cookie"
    return "password" if re.search(r"pass", field, re.IGNORECASE) else "token"


def _safe(field: str) -> str:
    return "".join(c for c in field[:60] if c.isprintable())
