"""What all tests share: no network, one investigated demo case, and the material beside the repository."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import forensics
from forensics import Case

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("FORENSICS_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every socket that could leave the machine; local ones (AF_UNIX) and loopback pass."""
    patch = pytest.MonkeyPatch()

    def guard(name: str) -> None:
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, *args: Any) -> Any:
            if self.family != socket.AF_UNIX and str(address[0]) not in ("127.0.0.1", "::1", "localhost"):
                raise AssertionError(f"a test tried to reach {address}")
            return original(self, address, *args)

        patch.setattr(socket.socket, name, guarded)

    for name in ("connect", "connect_ex", "sendto"):
        guard(name)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of corpora and recordings beside the repository."""
    if not (SHARED / "corpora").is_dir():
        pytest.skip(f"{SHARED} is not here: it holds the corpora and recordings (set FORENSICS_SHARED)")
    return SHARED


@pytest.fixture(scope="session")
def demo_bundle() -> Path:
    """The demo bundle."""
    return ROOT / "data" / "demo_bundle.zip"


@pytest.fixture(scope="session")
def demo_truth() -> dict[str, Any]:
    """What was really said in the demo bundle."""
    truth: dict[str, Any] = json.loads((ROOT / "data" / "demo_truth.json").read_text("utf-8"))
    return truth


@pytest.fixture(scope="session")
def demo_case(demo_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The demo bundle, fully investigated, once per session. Tests must not change it."""
    return forensics.investigate(demo_bundle, case=tmp_path_factory.mktemp("demo") / "case")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright."""
    executable = Path("/usr/bin/chromium")
    if not executable.exists():
        if os.environ.get("FORENSICS_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{executable} is missing and FORENSICS_REQUIRE_BROWSER is set")
        pytest.skip(f"no browser at {executable}")
    from playwright.sync_api import sync_playwright

    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(executable), args=flags)
        yield chromium
        chromium.close()
