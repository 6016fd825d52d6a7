"""The chain of custody: every kind of tampering is seen and its place named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.case.custody import CustodyLog, verify_chain


@pytest.fixture
def log(tmp_path: Path) -> CustodyLog:
    log = CustodyLog(tmp_path / "custody.jsonl")
    for number in range(5):
        log.append("act", number=number)
    return log


def test_an_untouched_chain_holds(log: CustodyLog) -> None:
    assert verify_chain(log.path) == []
    assert log.head() == log.acts()[-1]["hash"]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_changed_removed_or_moved_act_is_named(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    log = CustodyLog(tmp_path_factory.mktemp("log") / "custody.jsonl")
    for number in range(5):
        log.append("act", number=number)
    lines = log.path.read_text().splitlines()
    where = data.draw(st.integers(0, 3))
    how = data.draw(st.sampled_from(["change", "remove", "swap", "repeat"]))
    if how == "change":
        body = json.loads(lines[where])
        body["number"] = 99
        lines[where] = json.dumps(body, sort_keys=True)
    elif how == "remove":
        del lines[where]
    elif how == "swap":
        lines[where], lines[where + 1] = lines[where + 1], lines[where]
    else:
        lines.insert(where, lines[where])
    log.path.write_text("\n".join(lines) + "\n")
    broken = verify_chain(log.path)
    assert broken
    assert abs(broken[0].line - (where + 1)) <= 1


def test_a_torn_last_line_is_recorded_and_the_chain_goes_on(log: CustodyLog) -> None:
    with log.path.open("ab") as file:
        file.write(b'{"act": "half')
    assert "torn" in verify_chain(log.path)[0].reason
    log.append("next")
    assert verify_chain(log.path) == []
    torn = log.acts()[-2]
    assert torn["act"] == "torn line recorded"
    assert bytes.fromhex(torn["bytes_hex"]) == b'{"act": "half'
