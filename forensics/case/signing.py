"""Ed25519 signatures (RFC 8032) over the acts of a custody log, through ``cryptography``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.errors import CustodyError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ENVIRONMENT = "FORENSICS_SIGN_KEY"
"""Environment variable with the path of a private key: every command signs with it."""

_MAKE_ONE = "Make one with 'openssl genpkey -algorithm ed25519 -out key.pem'."


@dataclass(frozen=True)
class Signer:
    """A private key in use.

    Parameters
    ----------
    key : Ed25519PrivateKey
        RFC 8032; stays in memory and out of the case folder.
    public_hex : str
        The public key, 32 bytes in hexadecimal.
    """

    key: Ed25519PrivateKey
    public_hex: str

    def sign(self, digest_hex: str) -> str:
        """Signature over the text of a hash, 64 bytes in hexadecimal."""
        return self.key.sign(digest_hex.encode()).hex()


_CURRENT: ContextVar[Signer | None] = ContextVar("signer", default=None)


@contextmanager
def signing(key_file: Path | None) -> Iterator[None]:
    """Sign every act appended within the block; without a key, sign nothing."""
    token = _CURRENT.set(None if key_file is None else load_private_key(key_file))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current_signer() -> Signer | None:
    """The signer of the enclosing :func:`signing` block, else the key that the environment names.

    Raises
    ------
    CustodyError
        If ``FORENSICS_SIGN_KEY`` names a file that is no key.
    """
    named = os.environ.get(ENVIRONMENT)
    return _CURRENT.get() or (_load_once(Path(named)) if named else None)


def load_private_key(path: Path) -> Signer:
    """An Ed25519 private key in PEM, without a passphrase.

    Raises
    ------
    CustodyError
        If the file holds something else.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise CustodyError(f"{path}: {error.strerror}.", _MAKE_ONE) from error
    except (ValueError, TypeError) as error:
        raise CustodyError(f"{path} is no unencrypted private key in PEM.", _MAKE_ONE) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CustodyError(f"{path} is not an Ed25519 key.", _MAKE_ONE)
    return Signer(key, key.public_key().public_bytes_raw().hex())


@lru_cache(maxsize=4)
def _load_once(path: Path) -> Signer:
    return load_private_key(path)


def load_public_key(path: Path) -> str:
    """An Ed25519 public key in PEM, as 64 hexadecimal digits.

    Raises
    ------
    CustodyError
        If the file holds something else.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    remedy = "Write it with 'openssl pkey -in key.pem -pubout -out public.pem'."
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise CustodyError(f"{path}: {error.strerror}.", remedy) from error
    except (ValueError, TypeError) as error:
        raise CustodyError(f"{path} is no public key in PEM.", remedy) from error
    if not isinstance(key, Ed25519PublicKey):
        raise CustodyError(f"{path} is not an Ed25519 key.", remedy)
    return key.public_bytes_raw().hex()


def signature_holds(public_hex: str, digest_hex: str, signature_hex: str) -> bool:
    """Whether the signature over the text of a hash was made with this key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_hex))
        key.verify(bytes.fromhex(signature_hex), digest_hex.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
