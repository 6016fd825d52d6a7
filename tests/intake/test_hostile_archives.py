"""Every hostile kind has its outcome: these findings, no others, and the rest read whole."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from forensics.errors import BundleError
from forensics.intake import open_bundle
from forensics.intake.limits import Limits
from tests.intake.hostile import CASES
from tests.intake.hostile_zips import zip_bomb
from tests.intake.making import WAV, zipped


def outcome(path: Path, limits: Limits | None = None) -> tuple[set[str], dict[str, str]]:
    """Codes of findings, and names with hashes of what was read."""
    read, codes = {}, set()
    with open_bundle(path, limits=limits) as bundle:
        try:
            for member in bundle:
                codes |= {p.code for p in member.problems if p.level == "finding"}
                if member.sha256 is not None:
                    read[member.name] = member.sha256
                    with member.open() as file:
                        assert hashlib.sha256(file.read()).hexdigest() == member.sha256
        except BundleError as error:
            return {_code(error)}, read
        codes |= {p.code for p in bundle.problems if p.level == "finding"}
    return codes, read


def _code(error: BundleError) -> str:
    return "too-many-members" if "members" in error.message else error.message


@pytest.mark.parametrize("name", sorted(CASES))
def test_outcome(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    path = tmp_path / "bundle"
    path.write_bytes(case.make())
    codes, read = outcome(path)
    assert codes == case.codes
    for member in case.readable:
        assert member in read
        if member.endswith("a.wav") and name != "zip_twins":
            assert read[member] == hashlib.sha256(WAV).hexdigest()


def test_twins_are_kept_apart_by_hash(tmp_path: Path) -> None:
    path = tmp_path / "twins.zip"
    path.write_bytes(CASES["zip_twins"].make())
    with open_bundle(path) as bundle:
        hashes = [member.sha256 for member in bundle]
    assert len(hashes) == 5
    assert len(set(hashes)) == 4


def test_a_bomb_is_stopped_by_what_comes_out_not_by_what_is_declared(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(zip_bomb())
    with open_bundle(path, limits=Limits(total_bytes=1 << 20)) as bundle:
        sizes = {m.name: m.sha256 for m in bundle}
        assert {p.code for p in bundle.problems} == set()
    assert sizes["zeros.bin"] is None


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(member_bytes=100), "member-too-large"),
        (Limits(total_bytes=len(WAV) + 10), "bundle-too-large"),
        (Limits(ratio=2, ratio_from_bytes=10), "ratio-too-high"),
        (Limits(members=1), "too-many-members"),
        (Limits(depth=0), "nested-too-deep"),
    ],
)
def test_every_limit_is_reported_when_hit(limits: Limits, code: str, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(
        zipped(("a.wav", WAV), ("zeros.bin", bytes(5000)), ("inner.zip", zipped(("b.wav", WAV))))
    )
    codes, _ = outcome(path, limits)
    assert code in codes


def test_a_long_recording_is_kept_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(zipped(("a.wav", WAV), ("b.wav", WAV * 10)))
    with open_bundle(path, limits=Limits(recording_s=0.5)) as bundle:
        said = {m.name: {p.code: p.level for p in m.problems} for m in bundle}
    assert said == {"a.wav": {}, "b.wav": {"long-recording": "note"}}


def test_what_is_no_archive_is_refused_with_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(b"<!doctype html><html><title>Sign in</title></html>")
    with pytest.raises(BundleError, match="html"), open_bundle(path) as bundle:
        list(bundle)


def test_a_missing_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"gone\.zip"), open_bundle(tmp_path / "gone.zip") as bundle:
        list(bundle)
