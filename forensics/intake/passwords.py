"""Passwords for encrypted members: in memory while a command runs, never in the case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from forensics.errors import BundleError

_CURRENT: ContextVar[tuple[bytes, ...]] = ContextVar("passwords", default=())


@contextmanager
def unlocking(password_file: Path | None) -> Iterator[None]:
    """Try the passwords in a file, one per line, on encrypted members within the block.

    Raises
    ------
    BundleError
        If the file cannot be read or is empty.
    """
    found: tuple[bytes, ...] = ()
    if password_file is not None:
        try:
            found = tuple(line for line in password_file.read_bytes().splitlines() if line)
        except OSError as error:
            raise BundleError(
                f"{password_file}: {error.strerror}.", "Write one password per line."
            ) from error
        if not found:
            raise BundleError(f"{password_file} holds no password.", "Write one password per line.")
    token = _CURRENT.set(found)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current_passwords() -> tuple[bytes, ...]:
    """The passwords of the enclosing :func:`unlocking` block."""
    return _CURRENT.get()
