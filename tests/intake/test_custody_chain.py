"""Verification names any changed, added, removed or moved act or byte, and says what it could not know."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics import Case
from forensics.case.custody import act_hash, canonical
from forensics.case.sealing import export_bag, timestamp_request
from forensics.case.signing import load_public_key, signing
from forensics.case.verification import verify_case
from forensics.corridor.runner import run
from forensics.errors import CaseError, CustodyError
from forensics.intake import take_in
from tests.intake.making import WAV, zipped


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_key(tmp_path_factory.mktemp("key"))


def write_key(folder: Path) -> Path:
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    public = private.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
    (folder / "public.pem").write_bytes(public)
    return folder / "key.pem"


def make(folder: Path, key: Path | None = None) -> Case:
    bundle = folder / "export.zip"
    bundle.write_bytes(zipped(("a.wav", WAV), ("b.csv", b"email,x\nme@example.org,1\n")))
    with signing(key):
        case = Case.create(folder / "case", purpose="test")
        take_in(case, bundle)
        run(case, until="intake")
        case.review.decide("members", case.frame("members")["member_id"].iloc[0], "accept", reviewer="me")
        case.review.decide("members", case.frame("members")["member_id"].iloc[1], "accept", reviewer="me")
        case.set_incident({"recipient": "known"})
    assert case.verify() == []
    return case


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return make(tmp_path_factory.mktemp("original"))


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Case:
    return make(tmp_path_factory.mktemp("signed"), key)


def copy(case: Case, folder: Path) -> Case:
    target = folder / "copy"
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(case.folder, target)
    return Case.open(target)


def edit(case: Case, change: Callable[[list[dict[str, object]]], None]) -> None:
    """Change acts and make every hash and link right again, as one who knows the code would."""
    acts = [json.loads(line) for line in case.custody.path.read_bytes().splitlines()]
    change(acts)
    case.custody.path.write_bytes(b"".join(canonical(act) + b"\n" for act in acts))


def test_any_flipped_byte_of_any_file_is_found(
    original: Case, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = sorted(
        p for p in original.folder.rglob("*") if p.is_file() and "work" not in p.parts and p.name != ".lock"
    )

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(files), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
    def flip(path: Path, place: float, mask: int) -> None:
        case = copy(original, tmp_path_factory.getbasetemp())
        target = case.folder / path.relative_to(original.folder)
        content = bytearray(target.read_bytes())
        content[int(place * len(content))] ^= mask
        target.chmod(0o600)
        target.write_bytes(content)
        try:
            problems = case.verify()
        except CaseError:
            return  # case.json is no longer JSON: the message names it
        assert problems
        assert any(path.name.split(".")[0] in problem for problem in problems)

    flip()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (lambda acts: acts.pop(2), "act 2 removed before act 3"),
        (lambda acts: acts.insert(3, acts[1]), "act 1 ('copying begun') added"),
        (lambda acts: acts.insert(1, acts.pop(3)), "moved: it stands where act 1 should be"),
        (lambda acts: acts[2].update(who="somebody else"), "act 2 ('evidence taken in') changed"),
        (
            lambda acts: acts[2].update(who="x") or acts[2].update(hash=act_hash(acts[2])),
            "act 2 was replaced",
        ),
    ],
)
def test_every_kind_of_tampering_is_named(
    original: Case, tmp_path: Path, how: Callable[[list[dict[str, object]]], None], said: str
) -> None:
    case = copy(original, tmp_path)
    edit(case, how)
    assert any(said in problem for problem in case.verify()), case.verify()


def test_a_cut_tail_needs_a_head(original: Case, tmp_path: Path) -> None:
    case = copy(original, tmp_path)
    head = case.custody.head()
    edit(case, lambda acts: acts.pop())
    state = case.state
    case._write_state({**state, "incident": {}})
    found = verify_case(case)
    assert found.problems == []
    assert any("cut tail" in sentence for sentence in found.unknown)
    assert any("its tail was cut" in problem for problem in verify_case(case, head=head).problems)
    with pytest.raises(CustodyError, match="is no head"):
        verify_case(case, head="not a head")


def test_acts_after_a_known_head_are_said(original: Case) -> None:
    acts = original.custody.acts()
    found = verify_case(original, head=str(acts[2]["hash"]))
    assert found.problems == []
    assert any(f"{len(acts) - 3} acts follow" in sentence for sentence in found.unknown)


def test_a_signed_head_shows_a_cut_tail(signed: Case, tmp_path: Path) -> None:
    case = copy(signed, tmp_path)
    kept = tmp_path / "kept.json"
    shutil.copy(case.folder / "custody.head.json", kept)
    edit(case, lambda acts: acts.pop())
    assert any("tail was cut" in problem for problem in case.verify())
    (case.folder / "custody.head.json").unlink()
    assert any("custody.head.json: missing" in problem for problem in case.verify())
    assert any("tail was cut" in problem for problem in verify_case(case, head=str(kept)).problems)


def test_a_rewritten_log_fails_the_public_key(signed: Case, tmp_path: Path, key: Path) -> None:
    public = load_public_key(key.with_name("public.pem"))
    assert verify_case(signed, public_key=public).problems == []
    other = tmp_path / "other"
    other.mkdir()
    forged = make(other, write_key(other))
    assert forged.verify() == []
    problems = verify_case(forged, public_key=public).problems
    assert any("signed with another key" in problem for problem in problems)
    bare = tmp_path / "bare"
    bare.mkdir()
    assert any("is not signed" in p for p in verify_case(make(bare), public_key=public).problems)


def test_the_environment_names_a_key_for_every_command(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORENSICS_SIGN_KEY", str(key))
    case = make(tmp_path)
    assert all("signature" in act for act in case.custody.acts())
    monkeypatch.delenv("FORENSICS_SIGN_KEY")
    case.set_incident({"recipient": "public"})
    found = verify_case(case)
    assert found.problems == []
    assert any("1 of" in sentence and "not signed" in sentence for sentence in found.unknown)
    public = load_public_key(key.with_name("public.pem"))
    assert any("is not signed" in p for p in verify_case(case, public_key=public).problems)


def test_signatures_are_checked(signed: Case, tmp_path: Path) -> None:
    case = copy(signed, tmp_path)
    edit(case, lambda acts: acts[1].update(signature="00" * 64))
    assert any("signature does not hold" in problem for problem in case.verify())


def test_files_that_do_not_belong_are_named(original: Case, tmp_path: Path) -> None:
    case = copy(original, tmp_path)
    (case.folder / "planted.txt").write_text("x")
    (case.folder / "tables" / "planted.parquet").write_text("x")
    (case.folder / "review.jsonl").open("a").write('{"table": "members"}\n')
    problems = "\n".join(case.verify())
    for name in ("planted.txt", "planted.parquet", "review.jsonl line 3"):
        assert name in problems


def test_a_bad_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("nothing")
    with pytest.raises(CustodyError, match=r"key\.pem"), signing(tmp_path / "key.pem"):
        pass


def test_a_time_stamp_request_that_openssl_reads(original: Case, tmp_path: Path) -> None:
    head = original.custody.head()
    request = timestamp_request(head, nonce=0x80FF)
    assert request == timestamp_request(head, nonce=0x80FF)
    assert bytes.fromhex(head) in request
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: the request cannot be read back by another tool")
    (tmp_path / "r.tsq").write_bytes(request)
    command = ["openssl", "ts", "-query", "-in", str(tmp_path / "r.tsq"), "-text"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "sha256" in said
    assert "0x80FF" in said
    assert "Certificate required: yes" in said


def test_a_bag_that_another_tool_validates(original: Case, tmp_path: Path) -> None:
    case = copy(original, tmp_path)
    export_bag(case, tmp_path / "bag")
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate()
    assert not (tmp_path / "bag" / "fetch.txt").exists()
    assert bag.info["Custody-Head"] in {act["hash"] for act in case.custody.acts()}
    with pytest.raises(CaseError, match="exists or lies inside"):
        export_bag(case, tmp_path / "bag")
    next((case.folder / "evidence").iterdir()).unlink()
    with pytest.raises(CustodyError, match="does not verify"):
        export_bag(case, tmp_path / "bag2")
