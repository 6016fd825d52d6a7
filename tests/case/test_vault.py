"""A case encrypted at rest: it comes back whole, and only with its key, which never lies beside it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forensics import Case
from forensics.api import take_in_all
from forensics.case.vault import VaultError, check_apart, new_key, seal, unseal
from forensics.cli import app

RUN = CliRunner()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("Retail/Orders.csv", "Customer\n" + "Canary Holthoff\n" * 100_000)
    return take_in_all(bundle, case=tmp_path / "cases" / "1", purpose="test")


def test_there_and_back(case: Case, tmp_path: Path) -> None:
    keys = tmp_path / "stick"
    keys.mkdir()
    sealed = tmp_path / "case.age"
    command = [
        "seal",
        "--case",
        str(case.folder),
        "--out",
        str(sealed),
        "--new-key",
        str(keys / "key"),
        "--remove",
    ]
    assert RUN.invoke(app, command).exit_code == 0
    assert not case.folder.exists()
    assert (keys / "key").stat().st_mode & 0o077 == 0
    content = sealed.read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n")
    assert b"Holthoff" not in content
    back = tmp_path / "back"
    assert (
        RUN.invoke(app, ["unseal", str(sealed), "--case", str(back), "--key", str(keys / "key")]).exit_code
        == 0
    )
    opened = Case.open(back)
    assert opened.verify() == []
    assert [act["act"] for act in opened.custody.acts()][-2:] == ["case sealed", "case unsealed"]
    modes = {path.stat().st_mode & 0o777 for path in back.rglob("*")}
    assert modes <= {0o700, 0o600, 0o400}


def test_a_wrong_key_and_a_cut_file(case: Case, tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    recipient = new_key(tmp_path / "k" / "right")
    new_key(tmp_path / "k" / "wrong")
    seal(case, tmp_path / "case.age", [recipient])
    with pytest.raises(VaultError, match="cannot be opened"):
        unseal(tmp_path / "case.age", tmp_path / "back", tmp_path / "k" / "wrong")
    whole = (tmp_path / "case.age").read_bytes()
    (tmp_path / "cut.age").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(VaultError, match="cannot be opened"):
        unseal(tmp_path / "cut.age", tmp_path / "back", tmp_path / "k" / "right")
    assert not (tmp_path / "back").exists()


def test_the_key_never_lies_beside_the_data(case: Case, tmp_path: Path) -> None:
    for place in (tmp_path / "key", case.folder / "key"):
        with pytest.raises(VaultError, match="beside the data"):
            check_apart(place, tmp_path / "case.age", case.folder)
    beside = [
        "seal",
        "--case",
        str(case.folder),
        "--out",
        str(tmp_path / "c.age"),
        "--new-key",
        str(tmp_path / "key"),
    ]
    assert RUN.invoke(app, beside).exit_code == 1
    assert not (tmp_path / "key").exists()


def test_a_failed_sealing_leaves_no_key_and_says_so(case: Case, tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    key = tmp_path / "k" / "key"
    command = ["seal", "--case", str(case.folder), "--new-key", str(key), "--remove", "--out"]
    (tmp_path / "there.age").touch()
    for target in (tmp_path / "there.age", tmp_path / "absent" / "case.age"):
        answer = RUN.invoke(app, [*command, str(target)])
        assert answer.exit_code == 1
        assert ".sealing-" not in answer.output
        assert not key.exists()
    assert RUN.invoke(app, [*command, str(tmp_path / "case.age")]).exit_code == 0
    assert not case.folder.exists()


def test_a_full_disk_while_sealing(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path, pipe: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("forensics.case.vault._write_tar", full)
    (tmp_path / "k").mkdir()
    with pytest.raises(OSError, match="No space"):
        seal(case, tmp_path / "case.age", [new_key(tmp_path / "k" / "key")])
    assert [act["act"] for act in case.custody.acts()][-2:] == ["case sealed", "sealing failed"]
    assert case.verify() == []
    assert not list(tmp_path.glob("*.age")) + list(tmp_path.glob(".sealing-*"))


def test_a_case_behind_a_link_is_removed(case: Case, tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    link = tmp_path / "link"
    link.symlink_to(case.folder)
    arguments = ["--out", str(tmp_path / "case.age"), "--new-key", str(tmp_path / "k" / "key"), "--remove"]
    assert RUN.invoke(app, ["seal", "--case", str(link), *arguments]).exit_code == 0
    assert not case.folder.exists()
    assert not link.is_symlink()


def test_a_key_beside_the_sealed_file_is_told(case: Case, tmp_path: Path) -> None:
    seal(case, tmp_path / "case.age", [new_key(tmp_path / "key")])
    arguments = ["unseal", str(tmp_path / "case.age"), "--case", str(tmp_path / "back"), "--json"]
    answer = RUN.invoke(app, [*arguments, "--key", str(tmp_path / "key")])
    assert answer.exit_code == 0
    assert [f["code"] for f in json.loads(answer.stdout)["findings"]] == ["key-beside-data"]


def test_what_cannot_be_sealed(case: Case, tmp_path: Path) -> None:
    for recipients, message in (([], "no recipient"), (["age1nonsense"], "no age public key")):
        with pytest.raises(VaultError, match=message):
            seal(case, tmp_path / "case.age", recipients)
    (tmp_path / "k").mkdir()
    with pytest.raises(VaultError, match="inside the case"):
        seal(case, case.folder / "case.age", [new_key(tmp_path / "k" / "key")])
    with pytest.raises(VaultError, match="never overwritten"):
        new_key(tmp_path / "k" / "key")
