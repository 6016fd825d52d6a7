"""Weights from a server: kept if the hash is the published one, deleted if not, resumed if interrupted."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forensics.cli import app
from forensics.errors import ModelError
from forensics.models import weights as models
from forensics.models.fetching import Offer, fetch

CONTENT = bytes(range(256)) * 40_000  # 10 MB: several pieces


class Server(ThreadingHTTPServer):
    """Serves one file; can end early, ignore ranges, or send something else."""

    content = CONTENT
    stops_at: int | None = None
    ranges = True
    asked: list[str | None]

    @property
    def url(self) -> str:
        """Where the file is."""
        return f"http://127.0.0.1:{self.server_address[1]}/tiny.pt"


class Handler(BaseHTTPRequestHandler):
    """Answers GET, with the rest of the file where a range is asked for."""

    server: Server

    def do_GET(self) -> None:
        """Send the file, or what is asked of it."""
        server, wanted = self.server, self.headers.get("Range")
        server.asked.append(wanted)
        begins = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and server.ranges else 0
        self.send_response(206 if begins else 200)
        self.send_header("Content-Length", str(len(server.content) - begins))
        self.end_headers()
        self.wfile.write(server.content[begins : server.stops_at])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    """A server on this machine whose file is what OpenAI would have published as 'tiny'."""
    monkeypatch.setenv("FORENSICS_MODELS", str(tmp_path / "store"))
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    known = dataclasses.replace(models.KNOWN["tiny"], checkpoint_sha256=sha256)
    monkeypatch.setitem(models.KNOWN, "tiny", known)
    with Server(("127.0.0.1", 0), Handler) as made:
        made.asked = []
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield made
        made.shutdown()


def test_the_published_file_is_kept_and_found_by_name(server: Server) -> None:
    offers: list[Offer] = []
    counted: list[int] = []
    found = fetch("tiny", source=server.url, told=offers.append, advance=counted.append)
    assert (offers[0].size, offers[0].publisher, sum(counted)) == (len(CONTENT), "OpenAI", len(CONTENT))
    assert "10 MB from 127.0.0.1, published by OpenAI (MIT)" in offers[0].line
    assert models.load("tiny").files["model.pt"] == CONTENT
    assert found["sha256"] == models.KNOWN["tiny"].checkpoint_sha256
    assert [p.name for p in models.store().iterdir()] == ["tiny"]
    with pytest.raises(ModelError, match="exists already"):
        fetch("tiny", source=server.url)


def test_another_file_is_deleted(server: Server) -> None:
    server.content = CONTENT[:-1] + b"x"
    with pytest.raises(ModelError, match="It was deleted"):
        fetch("tiny", source=server.url)
    assert list(models.store().iterdir()) == []
    with pytest.raises(ModelError, match="not on this machine"):
        models.load("tiny")


@pytest.mark.parametrize("ranges", [True, False])
def test_an_interrupted_fetch_goes_on(server: Server, ranges: bool) -> None:
    server.stops_at = 3_000_000
    with pytest.raises(ModelError, match="goes on where it stopped"):
        fetch("tiny", source=server.url)
    server.stops_at, server.ranges = None, ranges
    offers: list[Offer] = []
    fetch("tiny", source=server.url, told=offers.append)
    assert server.asked[0] is None
    assert server.asked[1] is not None
    assert (offers[0].here > 0) == ranges
    assert models.load("tiny").files["model.pt"] == CONTENT


def test_no_server_and_no_such_model(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No publisher of 'huge'"):
        fetch("huge")
    with pytest.raises(ModelError, match="no web address"):
        fetch("tiny", source=(tmp_path / "tiny.pt").as_uri())
    with pytest.raises(ModelError, match="cannot be fetched"):
        fetch("tiny", source=server.url.replace(str(server.server_address[1]), "9"))


def test_the_command_says_size_and_publisher_first(server: Server) -> None:
    ran = CliRunner().invoke(app, ["models", "fetch", "tiny", "--from", server.url, "--json"])
    assert ran.exit_code == 0
    assert ran.stderr.startswith("tiny: 10 MB from 127.0.0.1, published by OpenAI")
    assert json.loads(ran.stdout)["model"]["name"] == "tiny"


def test_nothing_else_fetches() -> None:
    package = Path(models.__file__).parents[1]
    uses = [p for p in package.rglob("*.py") if "models.fetching import" in p.read_text("utf-8")]
    assert [p.relative_to(package).as_posix() for p in uses] == ["commands/weights.py"]
    openers = [p for p in package.rglob("*.py") if "urllib.request" in p.read_text("utf-8")]
    assert [p.relative_to(package).as_posix() for p in openers] == ["models/fetching.py"]
