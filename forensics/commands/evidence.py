"""intake and verify: evidence only, no model loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption
from forensics.options import Options

SignKey = Annotated[
    Path | None,
    typer.Option("--sign-key", help="Ed25519 private key (PEM): sign every act of the log."),
]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="Passwords for encrypted members, one per line.")
]
_DEFAULTS = Options()


@contextmanager
def keys_in_use(sign_key: Path | None, password_file: Path | None) -> Iterator[None]:
    """Sign and unlock with these files while the block runs; neither goes into the case."""
    from forensics.intake.passwords import unlocking
    from forensics.signing import signing

    with ExitStack() as stack:
        stack.enter_context(signing(sign_key))
        stack.enter_context(unlocking(password_file))
        yield


def intake(
    bundles: Annotated[list[Path], typer.Argument(metavar="BUNDLE...", help="Zip, 7z, tar or folder.")],
    case: CaseOption,
    purpose: Annotated[str, typer.Option(help="Why this is done; goes into the custody log.")] = "",
    sign_key: SignKey = None,
    password_file: PasswordFile = None,
    max_total_size: Annotated[
        int, typer.Option(help="Bytes that a bundle may unpack to.")
    ] = _DEFAULTS.max_total_size,
    max_member_size: Annotated[
        int, typer.Option(help="Bytes that a member may unpack to.")
    ] = _DEFAULTS.max_member_size,
    max_ratio: Annotated[float, typer.Option(help="Unpacked over packed size.")] = _DEFAULTS.max_ratio,
    max_members: Annotated[int, typer.Option(help="Members of a bundle.")] = _DEFAULTS.max_members,
    max_depth: Annotated[int, typer.Option(help="Archives inside archives.")] = _DEFAULTS.max_depth,
    max_recording_s: Annotated[
        float, typer.Option(help="Recordings longer than this are noted, in seconds.")
    ] = _DEFAULTS.max_recording_s,
    json: JsonFlag = False,
) -> None:
    """Hashes, custody, inventory and findings, in seconds."""
    limits = {
        "max_total_size": max_total_size, "max_member_size": max_member_size, "max_ratio": max_ratio,
        "max_members": max_members, "max_depth": max_depth, "max_recording_s": max_recording_s,
    }  # fmt: skip
    with Answer(json) as answer, keys_in_use(sign_key, password_file):
        from forensics.api import take_in_all
        from forensics.case import Case
        from forensics.intake import finish_taking_in
        from forensics.intake.inventory import summarise
        from forensics.progress import Bars
        from forensics.runner import run

        known = (case / "case.json").is_file()
        options = (Case.open(case).options if known else Options()).updated(limits)
        opened = take_in_all(list(bundles), case=case, options=options, purpose=purpose, progress=Bars())
        finish_taking_in(opened, progress=Bars())
        if password_file is not None:
            opened.note_unlocking()
        run(opened, progress=Bars(), until="intake")
        said = summarise(opened)
        answer.findings = said.findings
        answer.facts = {
            "case": str(case), "members": said.members, "groups": said.groups,
            "custody_head": opened.custody.head(),
        }  # fmt: skip
        answer.lines = [*said.lines, f"custody head: {opened.custody.head()}"]
        if said.readable == 0:
            answer.status, answer.exit_code = "refused", 1
            answer.lines.append("Not one member could be read: the findings say why and what helps.")


def verify(
    case: CaseOption,
    head: Annotated[
        str | None,
        typer.Option(help="A head written down elsewhere (64 hexadecimal digits), or a signed head's file."),
    ] = None,
    public_key: Annotated[Path | None, typer.Option(help="The signer's Ed25519 public key (PEM).")] = None,
    timestamp_request: Annotated[
        Path | None, typer.Option(help="Write an RFC 3161 request for the head, to be stamped offline.")
    ] = None,
    bag: Annotated[
        Path | None, typer.Option(help="Export the case as a BagIt bag to this new folder.")
    ] = None,
    sign_key: SignKey = None,
    json: JsonFlag = False,
) -> None:
    """Recompute every hash and the custody chain."""
    with Answer(json) as answer, keys_in_use(sign_key, None):
        from forensics.case import Case
        from forensics.sealing import export_bag, write_timestamp_request
        from forensics.signing import load_public_key
        from forensics.verification import verify_case

        opened = Case.open(case)
        key = None if public_key is None else load_public_key(public_key)
        found = verify_case(opened, head=head, public_key=key)
        answer.facts = {
            "problems": found.problems, "unknown": found.unknown, "acts": found.acts, "files": found.files,
            "custody_head": found.head,
        }  # fmt: skip
        answer.status = "refused" if found.problems else "done"
        answer.exit_code = 1 if found.problems else 0
        answer.lines = [
            *found.problems,
            f"{len(found.problems)} problems in {found.acts} acts and {found.files} files of evidence",
            *(f"not known: {sentence}" for sentence in found.unknown),
            f"custody head: {found.head}",
        ]
        if found.problems:
            return
        if timestamp_request is not None:
            write_timestamp_request(opened, timestamp_request)
            answer.lines.append(f"time-stamp request: {timestamp_request}")
        if bag is not None:
            export_bag(opened, bag)
            answer.lines.append(f"bag: {bag}")
