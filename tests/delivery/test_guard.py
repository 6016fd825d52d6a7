"""The guard on real bundles: mixed, swapped, clean, unreadable; what it says, and what it leaves behind."""

from __future__ import annotations

import dataclasses
import importlib
import io
import json
import wave
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from forensics.cli import app
from forensics.delivery import guard, read_requests
from forensics.delivery.contents import scratch_folder
from forensics.delivery.output import GUARD, lines_of, printable, to_dict
from forensics.delivery.requests import schema
from tests.delivery.made import account_of, household, write


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Households 0 and 1 got each other's bundle, 2 its own, 3 the stranger 4's beside its own papers."""
    folder = tmp_path_factory.mktemp("requests")
    homes = [household(n) for n in range(5)]
    paths = [write(home, folder) for home in homes]
    mixed = folder / "mixed.zip"
    with zipfile.ZipFile(paths[4]) as stranger, zipfile.ZipFile(mixed, "w") as archive:
        for number in range(12):
            archive.writestr(
                f"Retail/Orders.{number}.csv", f"Order,Customer ID\n{number},CUST-{homes[3].last}\n"
            )
        for name in stranger.namelist():
            archive.writestr(name, stranger.read(name))
    (folder / "broken.zip").write_bytes(b"PK\x05\x06 not really")
    silent = {"registered_devices": None}
    rows: list[dict[str, Any]] = [
        {"request_id": "swapped-a", "bundle": str(paths[1]), "account": account_of(homes[0], **silent)},
        {"request_id": "swapped-b", "bundle": str(paths[0]), "account": account_of(homes[1], **silent)},
        {"request_id": "clean", "bundle": "household-00002/bundle.zip", "account": account_of(homes[2])},
        {
            "request_id": "mixed",
            "bundle": "mixed.zip",
            "account": account_of(homes[3], registered_devices=[], has_voice_device=False),
        },
        {"request_id": "broken", "bundle": "broken.zip", "account": account_of(homes[3])},
    ]
    path = folder / "REQUESTS.json"
    path.write_text(json.dumps(rows))
    return path


@pytest.fixture(scope="module")
def answer(requests: Path) -> tuple[int, dict[str, Any], str, Path]:
    out = requests.parent / "out"
    result = CliRunner().invoke(app, ["guard", str(requests), "--out", str(out), "--json"])
    return result.exit_code, json.loads(result.stdout), result.output, out


def test_each_gets_its_decision(answer: tuple[int, dict[str, Any], str, Path]) -> None:
    code, found, _, _ = answer
    actions = {r["request_id"]: r["action"] for r in found["requests"]}
    assert actions == {
        "swapped-a": "block", "swapped-b": "block", "clean": "release", "mixed": "block", "broken": "review"
    }  # fmt: skip
    assert code == 11
    assert found["action"] == "block"
    by_name = {r["request_id"]: r for r in found["requests"]}
    assert by_name["swapped-a"]["alt_request"] == "swapped-b"
    assert [s["requests"] for s in found["swaps"]] == [["swapped-a", "swapped-b"]]
    assert "no_voice_device" in [r["rule"] for r in by_name["mixed"]["rules"]]
    assert [r["rule"] for r in by_name["broken"]["rules"]] == ["nothing_readable"]


def test_the_answer_follows_its_schema(answer: tuple[int, dict[str, Any], str, Path]) -> None:
    Draft202012Validator(schema("decisions.schema.json")).validate(answer[1])


def test_the_answer_holds_nothing_of_the_bundles(
    answer: tuple[int, dict[str, Any], str, Path], requests: Path
) -> None:
    _, _, said, out = answer
    written = said + (out / "decisions.json").read_text() + str((out / "guard.parquet").read_bytes())
    for number in range(5):
        home = household(number)
        for word in (home.home, home.first, home.last, home.companion, *home.children, f"{number:06d}0"):
            assert word is None or word not in written


def test_the_table_and_what_is_left_behind(answer: tuple[int, dict[str, Any], str, Path]) -> None:
    import pyarrow.parquet as pq

    out = answer[3]
    assert sorted(path.name for path in out.iterdir()) == ["decisions.json", "guard.parquet"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (out, *out.iterdir()))
    frame = GUARD.to_pandas(pq.read_table(out / "guard.parquet"))
    assert set(frame["request_id"]) == {"swapped-a", "swapped-b", "clean", "mixed", "broken"}
    assert set(frame[frame["request_id"] == "clean"]["category"]) >= {"place", "names", "devices"}


def test_rules_alone_need_no_model(requests: Path) -> None:
    verdict = guard(read_requests(requests), rules_only=True)
    actions = {d.request_id: d.action for d in verdict.decisions}
    assert actions["mixed"] == "block"
    assert actions["clean"] == "release"
    assert not any(d.parts for d in verdict.decisions)


def test_rules_alone_abstain_where_they_compare_nothing(requests: Path, tmp_path: Path) -> None:
    bundle = str(requests.parent / "household-00002" / "bundle.zip")
    row = {"request_id": "1", "bundle": bundle, "account": {"city": "Celle", "period": "2018-05"}}
    (tmp_path / "r.json").write_text(json.dumps([row]))
    verdict = guard(read_requests(tmp_path / "r.json"), rules_only=True)
    assert (verdict.worst, verdict.decisions[0].abstained) == ("review", True)
    assert "not compared" in lines_of(verdict)[0]


def _sound(number: int) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(number.to_bytes(2, "little") * 800)
    return target.getvalue()


def _table(path: Path, columns: dict[str, list[str]]) -> Path:
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join(row) for row in rows)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Alexa/Transcripts.csv", "\n".join(lines) + "\n")
        for number, name in enumerate(columns["Audio File"]):
            archive.writestr(f"Alexa/{name}", _sound(number))
    return path


def test_the_name_of_a_device_is_no_serial(tmp_path: Path) -> None:
    """A table may say "Anna's Echo" where another says G090…: neither a stranger's device nor a match."""
    count = 12
    columns = {
        "Timestamp": [f"2018-05-{n + 1:02d}T10:00:00Z" for n in range(count)],
        "Device Name": ["Annas Echo Dot" if n % 2 else "Wohnzimmer" for n in range(count)],
        "Audio File": [f"{n:05d}.wav" for n in range(count)],
        "Transcript": [f"alexa stell einen timer auf {n + 3} minuten" for n in range(count)],
    }
    both = {
        **columns,
        "Device Serial Number": ["G090LF0000000001" if n % 2 else "G090LF0000000002" for n in range(count)],
    }
    _table(tmp_path / "named.zip", columns)
    _table(tmp_path / "both.zip", both)
    account = {"registered_devices": ["G090LF0000000001", "G090LF0000000002"], "customer_ids": ["A1"]}
    rows = [
        {"request_id": "named", "bundle": "named.zip", "account": account},
        {"request_id": "both", "bundle": "both.zip", "account": account},
        {"request_id": "other", "bundle": "both.zip", "account": {"registered_devices": ["Wohnzimmer"]}},
    ]
    for row in rows:
        (tmp_path / "r.json").write_text(json.dumps([row]))
        decision = guard(read_requests(tmp_path / "r.json"), rules_only=True).decisions[0]
        expected = ["device_not_registered"] if row["request_id"] == "other" else []
        assert [rule.rule for rule in decision.rules] == expected
        assert decision.abstained == (row["request_id"] == "named")


def test_a_bundle_that_is_not_there_is_no_partner_of_a_swap(requests: Path) -> None:
    """Its account fits another's bundle, but of its own nothing is known."""
    rows = read_requests(requests)
    clean = next(r for r in rows if r.request_id == "clean")
    absent = dataclasses.replace(clean, request_id="absent", bundles=(requests.parent / "absent.zip",))
    other = dataclasses.replace(
        clean, request_id="other", account=dataclasses.replace(rows[0].account, devices=None)
    )
    verdict = guard([absent, other])
    assert verdict.swaps == ()
    assert [d.action for d in verdict.decisions] == ["review", "block"]
    assert verdict.decisions[1].alt_request == "absent"
    assert verdict.decisions[0].abstained


def test_whose_own_bundle_was_also_sent_to_another(requests: Path) -> None:
    """Both are stopped, but only one of them is told to be the other's."""
    rows = read_requests(requests)
    clean = next(r for r in rows if r.request_id == "clean")
    copied = dataclasses.replace(
        clean, request_id="copied", account=dataclasses.replace(rows[0].account, devices=frozenset({"g9"}))
    )
    verdict = guard([clean, copied])
    assert [(d.action, d.alt_request) for d in verdict.decisions] == [("block", None), ("block", "clean")]
    assert verdict.decisions[0].p_mismatch < 0.001
    assert {rule.alt_request for rule in verdict.decisions[0].rules} == {"copied"}


def test_a_voice_that_was_asked_for_and_cannot_be_compared(requests: Path) -> None:
    clean = next(r for r in read_requests(requests) if r.request_id == "clean")
    verdict = guard([dataclasses.replace(clean, voice_reference=requests.parent / "Zephyrine.wav")])
    assert [r.rule for r in verdict.decisions[0].rules] == ["voice_not_compared"]
    assert verdict.worst == "review"
    assert "Zephyrine" not in json.dumps(to_dict(verdict))


def test_an_unexpected_error_stops_no_other(requests: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("forensics.delivery.guard")  # the package's name is the function's
    real = module.read_contents

    def read(bundles: Any, *rest: Any, **options: Any) -> Any:
        if bundles[0].name == "broken.zip":
            raise RecursionError("Katrin Brinkmann")
        return real(bundles, *rest, **options)

    monkeypatch.setattr(module, "read_contents", read)
    chosen = [r for r in read_requests(requests) if r.request_id in ("clean", "broken")]
    verdict = guard(chosen, rules_only=True)
    assert [d.action for d in verdict.decisions] == ["release", "review"]
    assert verdict.decisions[1].problem == "an unexpected RecursionError"


def test_files_of_another_customer_are_seen_beside_the_requests_own_id(tmp_path: Path) -> None:
    """The requester's ids are told to intake; they must not count as stated by the bundle."""
    rows = []
    for name, stated in (("other", "CUST-999999"), ("own", "CUST-111111")):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            for number in range(3):
                archive.writestr(
                    f"Retail/Orders.{number}.csv", f"Order,Customer ID\n{name}-{number},{stated}\n"
                )
        account = {"customer_ids": ["CUST-111111"]}
        rows.append({"request_id": name, "bundle": f"{name}.zip", "account": account})
    (tmp_path / "r.json").write_text(json.dumps(rows))
    verdict = guard(read_requests(tmp_path / "r.json"), rules_only=True)
    assert [[r.rule for r in d.rules] for d in verdict.decisions] == [["other_customer"], []]


def test_leftovers_of_a_killed_run_are_removed(requests: Path, tmp_path: Path) -> None:
    left = tmp_path / ".forensics-guard-killed"
    (left / "evidence").mkdir(parents=True)
    one = [r for r in read_requests(requests) if r.request_id == "broken"]
    guard(one, within=tmp_path, rules_only=True)
    assert list(tmp_path.iterdir()) == []


def test_another_run_in_the_same_place_is_left_alone(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as first:
        (first / "work").mkdir()
        with scratch_folder(tmp_path) as second:
            assert first != second
            assert (first / "work").is_dir()
        assert not second.exists()
        assert first.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_what_a_terminal_would_obey_is_written_out() -> None:
    assert printable("a\x1b[31m\nb\u202e") == "a\\x1b[31m\\nb\\u202e"
    assert printable("Köln") == "Köln"


def test_usage(tmp_path: Path) -> None:
    runner = CliRunner()
    (tmp_path / "r.json").write_text("{}")
    refused = runner.invoke(app, ["guard", str(tmp_path / "r.json"), "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["status"] == "refused"
    assert runner.invoke(app, ["guard", str(tmp_path / "r.json"), "--engine", "x"]).exit_code == 2
