"""Fuzzing targets: the archive reader and every export layout, with mutated real-looking input.

In the suite each target runs a fixed number of inputs. By hand, for as long as one likes::

    python -m tests.intake.fuzz --seconds 600 --target archive

An input that raises anything but a refusal is written to ``build/fuzz/`` and named.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from forensics.intake.containers.opening import open_archive
from forensics.intake.exports import layouts, papers
from forensics.intake.exports.base import Held, Inventory
from forensics.intake.limits import Limits
from forensics.intake.pdf import Line
from forensics.intake.problems import MemberRefusedError
from forensics.intake.store import TemporaryStore
from forensics.intake.subjects import group
from forensics.intake.walk import Member, Walk
from tests.intake.fuzz_seeds import ARCHIVES, EXPORTS

Target = Callable[[random.Random], None]
LIMITS = Limits(total_bytes=8 << 20, member_bytes=4 << 20, ratio_from_bytes=1 << 20, members=500)
_TOKENS = (b"\0", b"\xff\xff\xff\xff", b"PK\x03\x04", b"PK\x01\x02", b"\x7f\xff\xff\xff", b'"', b",", b"\n",
           b"{", b"[", b"]", b"-1", b"1e999", b"null", b"\xed\xa0\x80", b"../", b"<", b"NaN", b"\r", b";",
           b"#", b"=", b"9" * 400)  # fmt: skip


_LINES = b"alexa what time is it\nalexa play jazz\nalexa turn on the light\nset an alarm for six\n" * 5


def mutate(draw: random.Random, content: bytes) -> bytes:
    """`content` with a few bytes flipped, cut, doubled or replaced."""
    out = bytearray(content)
    for _ in range(draw.randint(1, 6)):
        if not out:
            break
        at = draw.randrange(len(out))
        match draw.randrange(6):
            case 0:
                out[at] ^= 1 << draw.randrange(8)
            case 1:
                out[at] = draw.randrange(256)
            case 2:
                del out[at : at + draw.randint(1, 64)]
            case 3:
                token = draw.choice(_TOKENS)
                out[at : at + draw.choice((0, len(token)))] = token
            case 4:
                out[at:at] = out[at : at + draw.randint(1, 200)]
            case _:
                del out[at:]
    return bytes(out)


def archive(draw: random.Random) -> None:
    """The archive reader, all containers, nested ones included."""
    content = mutate(draw, draw.choice(ARCHIVES))
    try:
        container = open_archive(io.BytesIO(content), "fuzz", LIMITS, passwords=draw.choice(((), (b"x",))))
    except MemberRefusedError:
        return
    walk = Walk(LIMITS, TemporaryStore())
    for member, content_of in walk.members(container):
        if content_of is not None:
            with content_of.open() as file:
                assert len(file.read()) == member.size


def export(name: str) -> Target:
    """One layout, with the members of its example mutated, and the grouping after it."""
    chosen = next(layout for layout in layouts() if layout.name == name)

    def target(draw: random.Random) -> None:
        held, contents = [], {}
        for number, (path, kind, content) in enumerate(EXPORTS[name]):
            changed = mutate(draw, content) if draw.random() < 0.6 else content
            shown = mutate(draw, path.encode()).decode("utf-8", "replace") if draw.random() < 0.2 else path
            digest = b"%032d" % number
            contents[digest.hex()] = changed
            held.append(Held(f"m{number}", "fuzz", Member(shown, None, number, kind, digest, len(changed))))
        inventory = Inventory(held, lambda sha256: io.BytesIO(contents[sha256]))
        # the PDF reader is a process of its own; here its answer is what gets mutated
        said = [
            Line(1, n, t) for n, t in enumerate(mutate(draw, _LINES).decode("utf-8", "replace").splitlines())
        ]
        with patch.object(papers, "read_pdf", lambda file: (said, [])):
            reading = chosen.read(inventory)
        if reading is not None:
            for passage in reading.passages:
                passage.text.encode("utf-8")
            group(held, [reading])

    return target


TARGETS: dict[str, Target] = {"archive": archive, **{name: export(name) for name in EXPORTS}}


def main() -> int:
    """Fuzz by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--target", choices=sorted(TARGETS), action="append")
    chosen = parser.parse_args()
    failed = 0
    for name in chosen.target or sorted(TARGETS):
        began, runs, seed = time.monotonic(), 0, random.SystemRandom().randrange(1 << 48)
        while time.monotonic() - began < chosen.seconds:
            try:
                TARGETS[name](random.Random(seed + runs))
            except Exception:
                failed += 1
                folder = Path("build/fuzz")
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{name}-{seed + runs}.txt").write_text(traceback.format_exc())
                print(f"{name}: seed {seed + runs} fails, see {folder}", file=sys.stderr)
            runs += 1
        print(f"{name:<20}{runs} inputs")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
