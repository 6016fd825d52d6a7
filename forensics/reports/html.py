"""The HTML report: one file, complete in itself, that asks no server for anything."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from forensics.case.version import VERSION
from forensics.corridor.pipeline import STAGES
from forensics.errors import ConsentError
from forensics.reports import articles, evidence, facts, figures, provenance, readings, shown, sound
from forensics.reports.answers import answers
from forensics.reports.exhibit import Exhibit
from forensics.reports.inert import inert
from forensics.reports.letterhead import Letterhead
from forensics.reports.page_one import page_one
from forensics.reports.palette import DARK, LIGHT
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

_LONG_WORD = 20
"""Letters: file names and serial numbers have more, words of a sentence seldom."""


@dataclass(frozen=True)
class Section:
    """A chapter of the report.

    Parameters
    ----------
    name : str
        Anchor, and the key of the title.
    exhibits : tuple of Exhibit
    folded : bool
        Whether long tables start closed.
    """

    name: str
    exhibits: tuple[Exhibit, ...]
    folded: bool = False


def write_html(
    case: Case,
    path: str | Path,
    *,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
    letterhead: Letterhead | None = None,
    report_k: int | None = None,
    snippets: bool = False,
) -> Path:
    """Write the report of a case as one HTML file.

    Parameters
    ----------
    case : Case
    path : path
        Written whole or not at all, readable by its owner only.
    reveal : bool
        Show names and transcripts.
    purpose : str
        Why; goes into the custody log and onto the first page.
    language : {'en', 'de'}, optional
        The case's report language by default.
    report_k : int, optional
        People whom everything that the masked report shows of somebody must fit at least; the case's option
        by default.
    snippets : bool
        Put a few seconds of sound beside each statement; only where names are shown.
    letterhead : Letterhead, optional
        Organisation and logo.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose, or sound is wanted without names.
    """
    if snippets and not reveal:
        raise ConsentError("A voice is a name: sound needs --reveal.", "Add --reveal and --purpose.")
    view = View.of_case(
        case, reveal=reveal, purpose=purpose, language=language, report_k=report_k, letterhead=letterhead
    )
    view.snippets = snippets
    return publish(case, Path(path), render(view, purpose=purpose).encode(), revealed=reveal)


def render(view: View, *, purpose: str = "") -> str:
    """The report as HTML text.

    Parameters
    ----------
    view : View
    purpose : str
        Why names are shown, if they are.
    """
    chapters = sections(view)
    scripts = [_plotly(), asset("report.js")]
    w = view.words
    unfinished = [w.name("stage", s.name) for s in STAGES if not view.case.stage_record(s.name)]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            w=view.words,
            view=view,
            answers=answers(view),
            brief=page_one(view),
            unread=facts.unread(view),
            sections=chapters,
            articles=articles.items(view),
            unfinished=w.all_of(unfinished) if unfinished else "",
            purpose=inert(purpose),
            case_purpose=view.words_of(view.state["purpose"]) if view.state["purpose"] else "",
            bundles=[shown.bundle(view, n) for n in range(len(view.state["bundles"]))],
            policy=_policy(scripts, sound=view.snippets),
            style=Markup(asset("report.css")),  # noqa: S704 (our own files, nothing from evidence)
            scripts=[Markup(script) for script in scripts],  # noqa: S704
            beats={order: [asdict(beat) for beat in found] for order, found in figures.beats(view).items()},
            figures={
                e.name: figure_json(e, view.words.language)
                for s in chapters
                for e in s.exhibits
                if e.figure is not None
            },
            config=figures.CONFIG,
            recolour=dict(zip(LIGHT.values(), DARK.values(), strict=True)),
            version=VERSION,
        )
    )


def publish(case: Case, path: Path, content: bytes, *, revealed: bool) -> Path:
    """Write a report whole or not at all, for its owner only, and note it in the custody log if it is new."""
    if path.is_file() and path.read_bytes() == content:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")  # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).replace(path)
    digest = hashlib.sha256(content).hexdigest()
    case.custody.append("report written", name=path.name, sha256=digest, names_shown=revealed)
    return path


def figure_json(exhibit: Exhibit, language: str = "en") -> dict[str, Any]:
    """A figure as plain JSON types; arrays stay lists, so that the file can be read by eye.

    Parameters
    ----------
    exhibit : Exhibit
    language : {'en', 'de'}
        German writes a decimal comma.
    """
    figure: dict[str, Any] = json.loads(exhibit.figure.to_json()) if exhibit.figure is not None else {}
    if figure and language == "de":
        figure["layout"]["separators"] = ",."
    return figure


def sections(view: View) -> list[Section]:
    """The report's chapters in reading order."""
    perhaps = (readings.readings(view), sound.cues(view), sound.voices(view))
    heard = [exhibit for exhibit in perhaps if exhibit is not None]
    account = [exhibit for exhibit in (evidence.account(view),) if exhibit is not None]
    return [
        Section("inventory", (evidence.inventory(view), evidence.bundles(view), evidence.findings(view))),
        Section("subjects", (evidence.groups(view), *account, evidence.devices(view))),
        Section("activity", (figures.timeline(view), figures.hours(view), figures.places(view))),
        Section("claims", (figures.household(view), *evidence.claims(view))),
        Section(
            "risk",
            (
                figures.clock(view),
                figures.risk(view),
                figures.curve(view),
                figures.voice_risk(view),
                *(e for e in (figures.voice_curve(view),) if e is not None),
                figures.bits(view),
                figures.sensitivity(view),
                evidence.populations(view),
            ),
        ),
        Section(
            "severity",
            (
                figures.severity(view),
                provenance.decision(view),
                provenance.incident(view),
                *figures.severity_of_others(view),
            ),
        ),
        Section("notification", ()),
        Section(
            "method", (evidence.disclosure(view), evidence.unheard(view), *heard, provenance.review(view))
        ),
        Section("custody", (provenance.custody(view), provenance.software(view))),
        Section("utterances", (evidence.utterances(view),), folded=True),
    ]


def _policy(scripts: list[str], *, sound: bool) -> str:
    """A Content-Security-Policy that runs these scripts and loads nothing.

    Plotly sets styles at run time, hence ``'unsafe-inline'`` for styles; its heat maps are ``data:`` images.
    """
    heard = "data:" if sound else "'none'"
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        f"media-src {heard}; connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


@cache
def _plotly() -> str:
    """plotly.js without its closing-tag look-alikes, as shipped in the plotly package."""
    from plotly.offline import get_plotlyjs

    source: str = get_plotlyjs()
    return source.replace("</script", "<\\/script")


@cache
def asset(name: str) -> str:
    """A style sheet or script of ours."""
    return files("forensics.reports").joinpath("templates", name).read_text("utf-8")


@cache
def environment() -> Environment:
    """Where the templates are, with everything escaped."""
    made = Environment(
        loader=PackageLoader("forensics.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # only such words may be broken anywhere, or a narrow column breaks every word
    made.tests["long"] = lambda text: any(len(word) > _LONG_WORD for word in text.split())
    return made
