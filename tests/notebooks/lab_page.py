"""What the tests of JupyterLab share: the page's spy, the server's recorder, and how a notebook is run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 240_000  # milliseconds; starting kernels is slow on a busy machine
LOCAL = ("127.0.0.1", "localhost", "::1", "")
RECORDER = '''
"""Writes down and refuses whatever of the server or a kernel would leave this machine."""
import os
import socket

LOCAL = ("127.0.0.1", "::1", "localhost", "", None)


def note(what, where):
    with open(os.environ["FORENSICS_ASKED"], "a") as file:
        file.write(f"{what} {where}\\n")


def guard(name):
    original = getattr(socket.socket, name)

    def guarded(self, address, *args):
        if self.family != socket.AF_UNIX and str(address[0]) not in LOCAL:
            note(name, address)
            raise OSError("nothing leaves this machine")
        return original(self, address, *args)

    setattr(socket.socket, name, guarded)


for name in ("connect", "connect_ex"):
    guard(name)
resolve = socket.getaddrinfo


def resolved(host, *args, **kwargs):
    if (host.decode() if isinstance(host, bytes) else host) not in (*LOCAL, "0.0.0.0", socket.gethostname()):
        note("getaddrinfo", host)
        raise OSError("nothing leaves this machine")
    return resolve(host, *args, **kwargs)


socket.getaddrinfo = resolved
'''
SPY = """
(() => {
  const tell = (how, where) => window.tellTest(how, String(where === undefined ? "" : where));
  const wrap = (owner, name, how, place) => {
    const original = owner[name];
    owner[name] = function (...given) { tell(how, given[place]); return original.apply(this, given); };
  };
  wrap(window, "open", "window.open", 0);
  wrap(Navigator.prototype, "sendBeacon", "beacon", 0);
  wrap(XMLHttpRequest.prototype, "open", "xhr", 1);
  for (const name of ["submit", "requestSubmit"]) {
    const original = HTMLFormElement.prototype[name];
    HTMLFormElement.prototype[name] = function (...given) {
      tell("form", this.action);
      return original.apply(this, given);
    };
  }
  document.addEventListener("submit", (event) => tell("form", event.target.action), true);
  const fetched = window.fetch;
  window.fetch = function (what, ...rest) {
    tell("fetch", what && what.url ? what.url : what);
    return fetched.call(this, what, ...rest);
  };
  for (const name of ["WebSocket", "EventSource"]) {
    window[name] = new Proxy(window[name], {
      construct(made, given) { tell(name, given[0]); return Reflect.construct(made, given); },
    });
  }
})();
"""
"""Tells the test of every way in which a script can ask somebody, even if it comes to nothing."""


@dataclass
class Asked:
    """What the browser was asked to load, send or open.

    Parameters
    ----------
    found : list of (str, str)
        How, and the address.
    """

    found: list[tuple[str, str]] = field(default_factory=list)

    def note(self, how: str, address: str) -> None:
        self.found.append((how, address))

    def outside(self) -> list[tuple[str, str]]:
        """Those that go anywhere but to this machine."""
        return [
            (how, address)
            for how, address in self.found
            if (parts := urlsplit(address)).scheme not in ("data", "blob", "about", "file", "")
            and (parts.hostname or "") not in LOCAL
        ]

    def hosts(self) -> dict[str, int]:
        """How often each host was asked."""
        counted: dict[str, int] = {}
        for _, address in self.found:
            parts = urlsplit(address)
            name = parts.hostname or (f"{parts.scheme}:" if parts.scheme else "(relative)")
            counted[name] = counted.get(name, 0) + 1
        return counted


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab.

    Parameters
    ----------
    base, token : str
    folder : Path
        Where the notebooks lie.
    log : Path
        What server and kernels tried to reach outside this machine, a line each.
    """

    base: str
    token: str
    folder: Path
    log: Path

    def outside(self) -> list[str]:
        return self.log.read_text("utf-8").splitlines() if self.log.exists() else []


def run_all(page: Any, lab: Lab, notebook: str) -> None:
    """Open a notebook and run it from top to bottom."""
    page.goto(f"{lab.base}/lab/tree/{notebook}?reset&token={lab.token}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text(re.compile(r"ipykernel\) \| Idle")).wait_for()
    page.locator(".lm-MenuBar-item", has_text="Run").click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
    page.wait_for_function(
        """() => {
          const prompts = [...document.querySelectorAll(
            ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputArea-prompt")];
          return prompts.length && prompts.every((one) => /^\\[\\d+\\]:$/.test(one.textContent.trim()));
        }"""
    )
