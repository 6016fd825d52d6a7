"""Whatever a member is called, nothing leaves the case folder, and the name survives as data."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import Case
from forensics.corridor.runner import run
from forensics.intake import take_in
from forensics.intake.containers.names import decode_zip_name, judge, shown
from tests.intake.making import assembled, central, local

_PARTS = [b"..", b".", b"/", b"\\", b"C:", b"\0", b"a", b"~", b"\x1b[2J", b"%00", b"\xff"]
NASTY = st.one_of(
    st.binary(min_size=1, max_size=80),
    st.lists(st.sampled_from(_PARTS), min_size=1, max_size=12).map(b"".join),
    st.text(min_size=1, max_size=40).map(lambda t: t.encode("utf-8", "surrogatepass")),
)


@settings(max_examples=300, deadline=None)
@given(raw=NASTY, flag=st.booleans())
def test_any_name_can_be_shown_and_judged(raw: bytes, flag: bool) -> None:
    name, _ = decode_zip_name(raw, utf8_flag=flag, extra={})
    judge(name)
    text = shown(name)
    assert text.isprintable()
    assert len(text) <= 1024
    text.encode("utf-8")


@settings(max_examples=12, deadline=None)
@given(names=st.lists(NASTY, min_size=1, max_size=6))
def test_no_name_escapes(tmp_path_factory: pytest.TempPathFactory, names: list[bytes]) -> None:
    home = tmp_path_factory.mktemp("home")
    parts, records = b"", b""
    for number, raw in enumerate(names):
        content = b"content %d" % number
        records += central(raw, content, len(parts))
        parts += local(raw, content)
    (home / "bundle.zip").write_bytes(assembled(parts, records, len(names)))
    before = tree(home.parent)
    case = Case.create(home / "case")
    take_in(case, home / "bundle.zip")
    run(case, until="intake")
    new = {path for path in tree(home.parent) - before if not path.is_relative_to(home / "case")}
    assert not new
    inside = {p.name for p in (home / "case" / "evidence").iterdir()}
    assert all(len(name) == 64 and set(name) <= set("0123456789abcdef") for name in inside)
    assert case.verify() == []


def tree(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.name != "pytest-of-root"}
