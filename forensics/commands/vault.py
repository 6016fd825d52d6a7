"""seal and unseal: a case encrypted at rest, the key elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption


def seal(
    case: CaseOption,
    out: Annotated[Path, typer.Option(help="The sealed file, e.g. case.age.", show_default=False)],
    recipient: Annotated[list[str] | None, typer.Option(help="age public key; repeatable.")] = None,
    new_key: Annotated[
        Path | None, typer.Option(help="Make a key here, not beside the data, and seal for it.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Delete the case folder afterwards.")] = False,
    json: JsonFlag = False,
) -> None:
    """Encrypt a case into one file (age format)."""
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.case.vault import check_apart
        from forensics.case.vault import new_key as make_key
        from forensics.case.vault import seal as encrypt

        opened = Case.open(case)
        recipients = list(recipient or [])
        if new_key is not None:
            check_apart(new_key, out, case)
            recipients.append(make_key(new_key))
        try:
            encrypt(opened, out, recipients)
        except BaseException:
            if new_key is not None:
                new_key.unlink(missing_ok=True)  # it opens nothing, and would stand in the way of another try
            raise
        if remove:
            shutil.rmtree(case.resolve())
            case.unlink(missing_ok=True)  # a link to the folder
        answer.facts = {"sealed": str(out), "recipients": recipients, "removed": remove}
        answer.lines = [f"sealed: {out}", *(f"for {text}" for text in recipients)]
        if new_key is not None:
            answer.lines.append(f"key: {new_key}; without it nobody opens the case again")


def unseal(
    sealed: Annotated[Path, typer.Argument(metavar="FILE", help="What 'seal' wrote.")],
    case: CaseOption,
    key: Annotated[Path, typer.Option(help="The key file.", show_default=False)],
    json: JsonFlag = False,
) -> None:
    """Decrypt a sealed case into a new folder and verify it."""
    with Answer(json) as answer:
        from forensics.case.vault import VaultError, check_apart
        from forensics.case.vault import unseal as decrypt

        opened = decrypt(sealed, case, key)
        try:
            check_apart(key, sealed, case)
        except VaultError:
            message, remedy = f"{key} lies beside the data that it opens.", "Move it to another medium."
            answer.findings = [
                {"code": "key-beside-data", "member": str(key), "message": message, "remedy": remedy}
            ]
        answer.facts = {"case": str(case), "custody_head": opened.custody.head()}
        answer.lines = [f"case: {case}", f"custody head: {opened.custody.head()}"]
        answer.lines += [f"{finding['message']} {finding['remedy']}" for finding in answer.findings]
