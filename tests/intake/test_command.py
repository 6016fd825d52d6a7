"""The commands intake and verify: limits, passwords, keys, what is refused and how it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from forensics.cli import app
from tests.intake.making import WAV, zipped
from tests.intake.test_custody_chain import write_key
from tests.intake.test_exports import cift
from tests.intake.test_passwords import PASSWORD, traditional


def call(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_an_inventory_for_a_first_notification(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped(*cift(sha1="-")))
    code, said = call("intake", tmp_path / "x.zip", "--case", tmp_path / "case")
    assert (code, said["status"]) == (0, "done")
    assert said["findings"][0]["code"] == "live-credential"
    assert "SECRET" not in json.dumps(said)
    assert said["groups"][0]["recordings"] == 3
    assert len(said["custody_head"]) == 64
    assert {"code", "member", "message", "remedy"} == set(said["findings"][0])


def test_limits_are_options(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped(("a.wav", WAV), ("b.wav", WAV + b"2")))
    code, said = call("intake", tmp_path / "x.zip", "--case", tmp_path / "case", "--max-members", "1")
    assert code == 1
    assert [f["code"] for f in said["findings"]] == ["too-many-members"]
    assert said["status"] == "refused"
    code, said = call("intake", tmp_path / "x.zip", "--case", tmp_path / "case", "--max-members", "2")
    assert (code, said["findings"]) == (0, [])


def test_a_sign_in_page_is_refused_with_the_cause(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"<html>Sign in</html>")
    code, said = call("intake", tmp_path / "x.zip", "--case", tmp_path / "case")
    assert (code, said["status"]) == (1, "refused")
    assert "web page" in said["error"]["message"]
    assert said["error"]["remedy"]


def test_a_wholly_encrypted_bundle_is_refused_until_the_password_comes(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(traditional(WAV))
    (tmp_path / "password").write_bytes(PASSWORD)
    code, said = call("intake", tmp_path / "x.zip", "--case", tmp_path / "case")
    assert (code, [f["code"] for f in said["findings"]]) == (1, ["encrypted"])
    code, said = call(
        "intake", tmp_path / "x.zip", "--case", tmp_path / "case", "--password-file", tmp_path / "password"
    )
    assert (code, said["findings"]) == (0, [])
    assert call("verify", "--case", tmp_path / "case")[0] == 0


def test_signing_heads_requests_and_bags(tmp_path: Path) -> None:
    key = write_key(tmp_path)
    (tmp_path / "x.zip").write_bytes(zipped(("a.wav", WAV)))
    _, said = call("intake", tmp_path / "x.zip", "--case", tmp_path / "case", "--sign-key", key)
    head = said["custody_head"]
    code, said = call(
        "verify", "--case", tmp_path / "case", "--head", head, "--public-key", tmp_path / "public.pem",
        "--timestamp-request", tmp_path / "r.tsq", "--bag", tmp_path / "bag", "--sign-key", key,
    )  # fmt: skip
    assert (code, said["problems"]) == (0, [])
    assert (tmp_path / "r.tsq").stat().st_size > 50
    assert (tmp_path / "bag" / "bagit.txt").exists()
    log = tmp_path / "case" / "custody.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-3]))
    code, said = call("verify", "--case", tmp_path / "case", "--head", head)
    assert code == 1
    assert any("tail was cut" in problem for problem in said["problems"])


@pytest.mark.parametrize("option", ["--sign-key", "--password-file"])
def test_a_missing_key_or_password_file_is_named(tmp_path: Path, option: str) -> None:
    (tmp_path / "x.zip").write_bytes(zipped(("a.wav", WAV)))
    code, said = call("intake", tmp_path / "x.zip", "--case", tmp_path / "case", option, tmp_path / "gone")
    assert code == 1
    assert "gone" in said["error"]["message"]
