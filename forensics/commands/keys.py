"""Keys and passwords that a command may use: files of the analyst's, never part of the case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

SignKey = Annotated[
    Path | None,
    typer.Option("--sign-key", help="Ed25519 private key (PEM): sign every act of the log."),
]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="Passwords for encrypted members, one per line.")
]


@contextmanager
def keys_in_use(sign_key: Path | None, password_file: Path | None) -> Iterator[None]:
    """Sign and unlock with these files while the block runs; neither goes into the case."""
    from forensics.case.signing import signing
    from forensics.intake.passwords import unlocking

    with ExitStack() as stack:
        stack.enter_context(signing(sign_key))
        stack.enter_context(unlocking(password_file))
        yield
