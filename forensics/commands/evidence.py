"""intake and verify: evidence only, no model loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.case.options import Options
from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.keys import PasswordFile, SignKey, keys_in_use
from forensics.commands.main_job import CaseOption, go_on, options_of

_DEFAULTS = Options()


def intake(
    bundles: Annotated[list[Path], typer.Argument(metavar="BUNDLE...", help="Zip, 7z, tar or folder.")],
    case: CaseOption,
    purpose: Annotated[str, typer.Option(help="Why this is done; goes into the custody log.")] = "",
    sign_key: SignKey = None,
    password_file: PasswordFile = None,
    max_total_size: Annotated[
        int | None,
        typer.Option(help="Bytes that a bundle may unpack to.", show_default=str(_DEFAULTS.max_total_size)),
    ] = None,
    max_member_size: Annotated[
        int | None,
        typer.Option(help="Bytes that a member may unpack to.", show_default=str(_DEFAULTS.max_member_size)),
    ] = None,
    max_ratio: Annotated[
        float | None, typer.Option(help="Unpacked over packed size.", show_default=str(_DEFAULTS.max_ratio))
    ] = None,
    max_members: Annotated[
        int | None, typer.Option(help="Members of a bundle.", show_default=str(_DEFAULTS.max_members))
    ] = None,
    max_depth: Annotated[
        int | None, typer.Option(help="Archives inside archives.", show_default=str(_DEFAULTS.max_depth))
    ] = None,
    max_recording_s: Annotated[
        float | None,
        typer.Option(
            help="Recordings longer than this are noted, in seconds.",
            show_default=str(_DEFAULTS.max_recording_s),
        ),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Hashes, custody, inventory and findings, in seconds."""
    limits = {
        "max_total_size": max_total_size, "max_member_size": max_member_size, "max_ratio": max_ratio,
        "max_members": max_members, "max_depth": max_depth, "max_recording_s": max_recording_s,
    }  # fmt: skip
    with Answer(json, go_on(case)) as answer, keys_in_use(sign_key, password_file):
        from forensics.api import take_in_all
        from forensics.corridor.progress import Bars
        from forensics.corridor.runner import run
        from forensics.intake import finish_taking_in
        from forensics.intake.inventory import summarise
        from forensics.intake.ledger import ledger_of

        options = options_of(case).updated(limits)
        opened = take_in_all(list(bundles), case=case, options=options, purpose=purpose, progress=Bars())
        finish_taking_in(opened, progress=Bars())
        if password_file is not None:
            opened.note_unlocking()
        run(opened, progress=Bars(), until="intake")
        said = summarise(opened)
        read = ledger_of(opened)
        answer.findings = said.findings
        answer.facts = {
            "case": str(case), "members": said.members, "groups": said.groups,
            "layout_known": read is not None and read.known, "custody_head": opened.custody.head(),
        }  # fmt: skip
        plainly = read.lines()[:1] if read is not None and not read.known else []
        answer.lines = [*plainly, *said.lines, f"custody head: {opened.custody.head()}"]
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
        from forensics.case.case import Case
        from forensics.case.sealing import export_bag, write_timestamp_request
        from forensics.case.signing import load_public_key
        from forensics.case.verification import verify_case

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
