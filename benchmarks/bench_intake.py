"""Intake's speed and memory beside ``sha256sum`` and ``unzip`` on the same bundle, in the same run.

Usage: ``python benchmarks/bench_intake.py [--mb 1000] [--members 100000] [--folder build/bench]``. The bundle
is a zip of recordings that deflate like speech; with ``--members N`` a second zip of N tiny members is taken
in, for peak memory. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

WAV_BYTES = 4 << 20

_CHILD = """
import json, resource, sys, time
from forensics.case.case import Case
from forensics.intake import take_in
from forensics.case.options import Options
from forensics.corridor.runner import run
began = time.perf_counter()
case = Case.create(sys.argv[2], options=Options(max_members=int(sys.argv[3])))
take_in(case, sys.argv[1])
taken = time.perf_counter()
run(case, until="intake")
ended = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"taking_s": taken - began, "reading_s": ended - taken, "peak_mb": peak}))
"""


def speech_like(size: int, seed: int) -> bytes:
    """PCM that deflates to about four fifths, as recorded speech does."""
    draw = random.Random(seed)
    levels = [draw.randrange(1, 2000) for _ in range(64)]
    block = b"".join(
        struct.pack("<h", int(draw.gauss(0, levels[n // 512 % 64]) / 2)) for n in range(size // 2)
    )
    return block[:size]


class RawZip:
    """Writes a zip64 archive from streams deflated already: making gigabytes must not take minutes."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")
        self.directory: list[bytes] = []

    def add(self, name: str, packed: bytes, size: int, crc: int, method: int = 8) -> None:
        raw, at = name.encode(), self.file.tell()
        sizes = struct.pack("<III", crc, len(packed), size)
        common = struct.pack("<HHHHH", 45, 0x800, method, 0, 0x4C21)
        self.file.write(b"PK\x03\x04" + common + sizes + struct.pack("<HH", len(raw), 0) + raw + packed)
        extra = struct.pack("<HHQ", 1, 8, at)
        tail = struct.pack("<HHHHHII", len(raw), len(extra), 0, 0, 0, 0, 0xFFFFFFFF)
        self.directory.append(b"PK\x01\x02" + struct.pack("<H", 45) + common + sizes + tail + raw + extra)

    def close(self) -> None:
        start = self.file.tell()
        for record in self.directory:
            self.file.write(record)
        size, count = self.file.tell() - start, len(self.directory)
        end = self.file.tell()
        self.file.write(
            b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
        )
        self.file.write(b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1))
        self.file.write(
            b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
        )
        self.file.close()


def make_bundle(path: Path, megabytes: int) -> None:
    """Recordings that differ in their first bytes, so that each is a content of its own."""
    body = speech_like(WAV_BYTES - 60, seed=1)
    engine = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed_body = engine.compress(body) + engine.flush()
    archive = RawZip(path)
    for number in range(max(1, megabytes * 1_000_000 // len(packed_body))):
        stamp = f"{number:016d}".encode()
        head = (
            b"RIFF"
            + struct.pack("<I", WAV_BYTES - 8)
            + b"WAVEfmt "
            + struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16)
        )
        head += b"data" + struct.pack("<I", WAV_BYTES - 44) + stamp
        stored = b"\x00" + struct.pack("<HH", len(head), len(head) ^ 0xFFFF) + head
        crc = zlib.crc32(body, zlib.crc32(head))
        archive.add(f"Audio/{number:06d}.wav", stored + packed_body, len(head) + len(body), crc)
    archive.close()


def make_many(path: Path, count: int) -> None:
    """`count` members of a few bytes each."""
    archive = RawZip(path)
    for number in range(count):
        content = b"%d" % (number % 1000)
        archive.add(
            f"many/{number // 1000:04d}/{number:07d}.dat",
            content,
            len(content),
            zlib.crc32(content),
            method=0,
        )
    archive.close()


def timed(command: list[str]) -> float:
    """Seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def intake(bundle: Path, case: Path, members: int) -> dict[str, float]:
    """Take a bundle in, in a process of its own."""
    shutil.rmtree(case, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(bundle), str(case), str(members)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path("build/bench"))
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    bundle, many = chosen.folder / "speech.zip", chosen.folder / "many.zip"
    make_bundle(bundle, chosen.mb)
    size = bundle.stat().st_size / 1e6
    ours = intake(bundle, chosen.folder / "case", 200_000)
    shutil.rmtree(chosen.folder / "case")
    hashing = timed(["sha256sum", str(bundle)])
    unzipped = chosen.folder / "unzipped"
    shutil.rmtree(unzipped, ignore_errors=True)
    unzipping = timed(["unzip", "-q", str(bundle), "-d", str(unzipped)]) if shutil.which("unzip") else None
    shutil.rmtree(unzipped, ignore_errors=True)
    seconds = ours["taking_s"] + ours["reading_s"]
    result = {
        "bundle_mb": round(size), "mb_per_s": round(size / seconds, 1),
        "sha256sum_mb_per_s": round(size / hashing, 1),
        "unzip_mb_per_s": round(size / unzipping, 1) if unzipping else None,
        "peak_mb": round(ours["peak_mb"]), "taking_s": round(ours["taking_s"], 2),
        "reading_s": round(ours["reading_s"], 2),
        "times_the_slower": round(seconds / max(hashing, unzipping or 0), 2), "cpus": os.cpu_count(),
    }  # fmt: skip
    if chosen.members:
        make_many(many, chosen.members)
        crowd = intake(many, chosen.folder / "case", chosen.members)
        shutil.rmtree(chosen.folder / "case")
        result |= {
            "members": chosen.members, "members_s": round(crowd["taking_s"] + crowd["reading_s"], 1),
            "members_peak_mb": round(crowd["peak_mb"]),
        }  # fmt: skip
    for name, value in result.items():
        print(f"{name:<22}{value}")
    print(json.dumps(result))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
