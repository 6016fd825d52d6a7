"""lab: JupyterLab on one case, with the notebooks copied in; nothing of it leaves the case or the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

import forensics
from forensics.commands.answer import Answer
from forensics.commands.main_job import CaseOption
from forensics.errors import ForensicsError

_CONFIG = """\
# What "Save and Export Notebook As" writes is opened elsewhere: it loads nothing from a CDN.
from nbconvert.exporters import HTMLExporter

for trait in ("mermaid_js_url", "mermaid_layout_elk_js_url"):  # which nbconvert does not let one set
    getattr(HTMLExporter, trait).tag(config=True)
for trait in (
    "mathjax_url", "mermaid_js_url", "mermaid_layout_elk_js_url", "require_js_url", "jquery_url",
    "widget_renderer_url", "jupyter_widgets_base_url",
):
    c.HTMLExporter[trait] = "data:,"
for trait in ("reveal_url_prefix", "font_awesome_url"):
    c.SlidesExporter[trait] = "data:,"
"""
"""For the server and for nbconvert in a terminal; ``data:,`` is an address whose content is nothing."""
_NO_MATHJAX = """\
{%- macro mathjax(url="") -%}
<meta http-equiv="Content-Security-Policy" content="default-src data: blob: 'unsafe-inline'">
{%- endmacro %}
"""
"""Where a template of nbconvert loads MathJax stands a policy that lets the rest of the page load nothing."""
_POLICY = "; ".join(
    (
        "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'",
        "connect-src 'self' data: blob: ws://127.0.0.1:* ws://localhost:*",
        "form-action 'self'",
        "base-uri 'self'",
        "frame-ancestors 'self'",
    )
)
"""What the browser lets JupyterLab's pages load and send to: the server on this machine, whatever a notebook,
a widget or an extension asks for."""
_STARTUP = """\
# Charts offer no upload, whichever notebook draws them.
from forensics.reports.figures import keep_local

keep_local()
"""
FIRST = "01_triage.ipynb"
"""The notebook that begins with a bundle."""
_SETTINGS = (
    f"--LabApp.default_url=/lab/tree/{FIRST}",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.allow_remote_access=False",
    # JupyterLab asks the network for news and newer versions unless it is told not to.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    f"--ServerApp.tornado_settings={ {'headers': {'Content-Security-Policy': _POLICY}}!r}",
)


def lab(
    case: CaseOption,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    purpose: Annotated[str, typer.Option(help="Why a new case is opened; goes into the custody log.")] = "",
    port: Annotated[int, typer.Option(help="Port on the loopback interface; 0 takes a free one.")] = 8888,
) -> None:
    """JupyterLab on this case, opened at the first notebook, which begins with a bundle if the case has none.

    A folder that is not there yet becomes a case.
    """
    with Answer(False) as answer:
        from forensics.case.case import Case

        opened = Case.create(case, purpose=purpose)
        folder = copy_notebooks(opened.folder.resolve())
        command = [
            sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", f"--ServerApp.port={port}",
            *(() if browser else ("--no-browser",)), *_SETTINGS,
        ]  # fmt: skip
        _quiet(opened.folder.resolve())
        opened.custody.append("lab opened")
        # Root has no other account to fall back on, and the server listens to this machine alone.
        root = ["--allow-root"] if os.geteuid() == 0 else []
        answer.exit_code = subprocess.call([*command, *root], env=environment(opened.folder.resolve()))  # noqa: S603


def copy_notebooks(case: Path) -> Path:
    """Put the notebooks into the case, pointed at it; what the analyst changed there stays.

    Parameters
    ----------
    case : pathlib.Path
        The case folder.

    Returns
    -------
    pathlib.Path
        The folder in which they lie.
    """
    target = case / "notebooks"
    target.mkdir(mode=0o700, exist_ok=True)
    for source in sorted(_shipped().glob("*.ipynb")):
        if not (target / source.name).exists():
            notebook = json.loads(source.read_text("utf-8"))
            for cell in notebook["cells"]:
                if "parameters" in cell["metadata"].get("tags", ()):  # papermill's convention
                    lines = "".join(cell["source"]).splitlines(keepends=True)
                    cell["source"] = [
                        f"CASE = {str(case)!r}\n",
                        *(ln for ln in lines if not ln.startswith("CASE =")),
                    ]
            (target / source.name).write_text(json.dumps(notebook, indent=1), "utf-8")
    return target


def environment(case: Path) -> dict[str, str]:
    """The environment in which Jupyter keeps its own files in the case.

    Parameters
    ----------
    case : pathlib.Path
        The case folder; Jupyter's configuration, history and trust database go below it.
    """
    own = case / "work" / "jupyter"
    places = {
        "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython", "npm_config_cache": "npm",
    }  # fmt: skip
    # First of all places, or the templates that are installed beside Jupyter would win over the case's.
    path = os.pathsep.join(filter(None, (str(own / "data"), os.environ.get("JUPYTER_PATH"))))
    return {**os.environ, **{name: str(own / place) for name, place in places.items()}, "JUPYTER_PATH": path}


def _quiet(case: Path) -> None:
    """Answer JupyterLab's first question, whether it may fetch news; keep charts and exported pages here."""
    folder = case / "work" / "jupyter" / "settings" / "@jupyterlab" / "apputils-extension"
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        no = {"fetchNews": "false", "checkForUpdates": False}
        (folder / "notification.jupyterlab-settings").write_text(json.dumps(no), "utf-8")
    own = case / "work" / "jupyter"
    for name, content in (
        ("config/jupyter_server_config.py", _CONFIG),
        ("config/jupyter_nbconvert_config.py", _CONFIG),
        ("data/nbconvert/templates/base/mathjax.html.j2", _NO_MATHJAX),
        ("ipython/profile_default/startup/00-charts-stay-here.py", _STARTUP),
    ):
        (own / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (own / name).write_text(content, "utf-8")


def _shipped() -> Path:
    """Where the notebooks lie: beside the package in a checkout, under the prefix when installed."""
    for folder in (
        Path(forensics.__file__).resolve().parents[1] / "notebooks",
        Path(sys.prefix) / "share" / "forensics" / "notebooks",
    ):
        if folder.is_dir():
            return folder
    raise ForensicsError("The notebooks are not installed.", "Install forensics anew from its repository.")
