"""Does the register attack name the right person, or nobody? Speed and memory beside splink 5.

Simulated households leave bundles that language and profile read as shipped; a register of public profiles
holds half of their subjects. Three worlds are published: ``obeying``, ``wrong``, where profiles and
households disagree with what the matcher assumes, and ``written``: households that somebody wrote by hand,
lived by other people, with their public profiles as the author wrote them, each read with weights fitted
without its author. Run it with ``make bench-linkage``; ``--households``, ``--written`` and ``--profiles``
set the size, ``--streamed`` adds an index and a query over so many profiles. What is measured
is printed as it comes, CPU seconds beside wall clock; the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from benchmarks import written_world as written
from benchmarks.linkage_measures import Result, figures
from fitting.record import SHARED

SEED = 2031
"""Not among the seeds on which assumptions were weighed (11 to 15)."""


def main() -> None:
    """Both worlds, the peer, tables and one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=200, help="per world")
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--worlds", default="obeying,wrong,written")
    parser.add_argument("--written", type=int, default=240, help="households of the written world")
    parser.add_argument("--scripts", type=Path, default=SHARED / "households" / "scripts")
    parser.add_argument("--splink-queries", type=int, default=20, help="0 leaves the peer out")
    parser.add_argument(
        "--streamed", type=int, default=0, help="profiles of a larger register, for time and memory"
    )
    parser.add_argument("--keep", type=Path, help="folder for registers and claims, kept between runs")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="bench-linkage-"))
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, Any]] = {}
    try:
        for world in arguments.worlds.split(","):
            if world == "written" and not arguments.scripts.is_dir():
                say(f"written: {arguments.scripts} is not there")
                continue
            found[world] = run_world(world, arguments, folder)
            show(world, found[world])
        more = stream(arguments, folder) if arguments.streamed else {}
    finally:
        if not arguments.keep:
            shutil.rmtree(folder)
    answer = dict(next(iter(found.values())))
    for world in ("wrong", "written"):
        if world in found and len(found) > 1:
            answer[f"{world}_world"] = found[world]
    traced = child("curve", arguments.seed)
    more |= {name: traced[name] for name in traced if name.startswith("curve_")}
    say(f"curve of {traced['curve_utterances']} utterances: {traced['curve_cpu_seconds']} s of CPU")
    print(json.dumps(answer | more))


def run_world(world: str, arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Register, index, searches and the peer in one world."""
    size = arguments.written if world == "written" else arguments.households
    name = f"{world}-{arguments.seed}-{size}-{arguments.profiles}"
    register, claims = folder / f"{name}.parquet", folder / f"{name}.json"
    if not (register.exists() and claims.exists()):
        if world == "written":
            written.prepare_linkage(arguments, register, claims)
        else:
            prepare(world, arguments, register, claims)
    say(f"{world}: register and claims are there")
    cases = json.loads(claims.read_text("utf-8"))
    for old in folder.glob(f"{register.name}.index-*"):
        shutil.rmtree(old)
    built = child("index", register)
    say(f"{world}: index {built['seconds']} s, {built['cpu']} s of CPU, {built['peak_mb']} MB")
    searched = child("search", register, claims)
    results = [Result(**row) for row in searched["results"]]
    answer = {
        "profiles": arguments.profiles,
        "index_seconds": built["seconds"],
        "index_cpu_seconds": built["cpu"],
        "index_peak_mb": built["peak_mb"],
        "query_seconds": round(float(np.median([r.seconds for r in results])), 3),
        "query_seconds_first": round(results[0].seconds, 3),
        "query_cpu_seconds": round(float(np.median([r.cpu for r in results])), 3),
        "peak_mb": searched["peak_mb"],
        **figures(results),
    }
    if arguments.splink_queries:
        answer |= compare(register, claims, cases, results, arguments.splink_queries)
    return answer


def prepare(world: str, arguments: argparse.Namespace, register: Path, claims: Path) -> None:
    """The register, and the claims of every household as the product makes them."""
    from forensics.simulate.households import draw_household
    from forensics.simulate.register import write_register
    from forensics.simulate.world import WORLDS

    homes = [draw_household(n, WORLDS[world], seed=arguments.seed) for n in range(arguments.households)]
    listed = write_register(homes, register, arguments.profiles, seed=arguments.seed, world=WORLDS[world])
    with ProcessPoolExecutor(arguments.processes) as pool:
        read = partial(claims_of, world=world, seed=arguments.seed)
        rows = list(pool.map(read, range(arguments.households), chunksize=5))
    cases = [
        {"household": home.number, "profile_id": listed.get(home.number), "claims": claim_rows,
         "surname_spoken": home.surname_spoken, "last": home.last}
        for home, claim_rows in zip(homes, rows, strict=True)
    ]  # fmt: skip
    claims.write_text(json.dumps(cases), "utf-8")


def claims_of(number: int, *, world: str, seed: int) -> list[dict[str, Any]]:
    """Claims about one household, from the vendor's transcripts of its bundle."""
    from forensics.simulate.households import draw_household
    from forensics.simulate.template_talk import utter
    from forensics.simulate.trial import understood
    from forensics.simulate.world import WORLDS

    home = draw_household(number, WORLDS[world], seed=seed)
    return understood(home, utter(home, WORLDS[world]))


def search_all(register: Path, claims: Path, most: int = sys.maxsize) -> dict[str, Any]:
    """Search for every household, in a process of its own so that its memory is its own."""
    from forensics.knowledge.names import sounds_alike
    from forensics.linkage.index import open_register
    from forensics.linkage.query import query_of
    from forensics.linkage.score import search

    cases = json.loads(claims.read_text("utf-8"))[:most]
    results: list[dict[str, Any]] = []
    for case in cases:
        began, cpu = time.monotonic(), time.process_time()
        opened = open_register(
            register, register.parent
        )  # as a fresh command would, but for importing Python
        outcome = search(opened, query_of(case["claims"]))
        took, cpu = time.monotonic() - began, time.process_time() - cpu
        ids = opened.profile_ids([c.row for c in outcome.candidates])
        right = next(
            (c for c, i in zip(outcome.candidates, ids, strict=True) if i == case["profile_id"]), None
        )
        rank = float("inf")
        if right is not None:
            tied = sum(c.tie_group == right.tie_group for c in outcome.candidates)
            rank = sum(c.tie_group < right.tie_group for c in outcome.candidates) + (tied + 1) / 2
        wrong = [c.posterior for c, i in zip(outcome.candidates, ids, strict=True) if i != case["profile_id"]]
        best = max((c.posterior for c in outcome.candidates), default=0.0)
        surnames = [c for c in case["claims"] if c["attribute"] == "surname"]
        result = Result(
            household=case["household"],
            script=case.get("script", ""),
            listed=case["profile_id"] is not None,
            surname_spoken=case["surname_spoken"],
            surname_found=any(sounds_alike(c["value"], case["last"]) for c in surnames),
            rank=rank,
            nobody=outcome.nobody >= best,
            posterior=right.posterior if right else 0.0,
            wrong=max(wrong, default=0.0),
            seconds=took,
            cpu=cpu,
        )
        results.append(asdict(result))
        say(
            f"household {result.household}: {'listed' if result.listed else 'absent'}, rank {rank:g}, "
            f"nobody {outcome.nobody:.3f}, right {result.posterior:.3f}, wrong {result.wrong:.3f}, "
            f"{cpu:.2f} s of CPU"
        )
    return {"results": results}


def compare(
    register: Path, claims: Path, cases: list[dict[str, Any]], results: Sequence[Result], queries: int
) -> dict[str, Any]:
    """splink on the same register and the same queries: those of listed subjects with a spoken surname."""
    chosen = [r.household for r in results if r.listed and r.surname_spoken][:queries]
    if not chosen:
        return {"splink_seconds": None, "splink_peak_mb": None, "splink_n": 0}
    peer = child("splink", register, claims, ",".join(map(str, chosen)))
    ours = [r.rank < 1.5 for r in results if r.household in set(chosen)]
    return {
        "splink_seconds": peer["query_seconds"],
        "splink_cpu_seconds": peer["query_cpu_seconds"],
        "splink_load_seconds": peer["load_seconds"],
        "splink_peak_mb": peer["peak_mb"],
        "splink_rank1": peer["rank1"],
        "splink_n": len(chosen),
        "rank1_on_the_same": round(float(np.mean(ours)), 4) if ours else None,
    }


def stream(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Time and memory of a larger register: copies of the first world's, with ids and friends of their own.

    Ranks mean nothing here, for every profile has its doubles.
    """
    name = f"{arguments.worlds.split(',')[0]}-{arguments.seed}-{arguments.households}-{arguments.profiles}"
    large = folder / f"streamed-{arguments.streamed}.parquet"
    if not large.exists():
        enlarge(folder / f"{name}.parquet", large, max(1, arguments.streamed // arguments.profiles))
    for old in folder.glob(f"{large.name}.index-*"):
        shutil.rmtree(old)
    built = child("index", large)
    say(f"streamed: index {built['seconds']} s, {built['cpu']} s of CPU, {built['peak_mb']} MB")
    searched = child("search", large, folder / f"{name}.json", 3)
    found = [Result(**row) for row in searched["results"]]
    return {
        "streamed_profiles": arguments.streamed,
        "streamed_index_seconds": built["seconds"],
        "streamed_index_cpu_seconds": built["cpu"],
        "streamed_index_peak_mb": built["peak_mb"],
        "streamed_query_seconds": round(float(np.median([r.seconds for r in found])), 2),
        "streamed_query_cpu_seconds": round(float(np.median([r.cpu for r in found])), 2),
        "streamed_query_peak_mb": searched["peak_mb"],
    }


def enlarge(small: Path, large: Path, copies: int) -> None:
    """Write a register several times over, one row group at a time."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    source = pq.ParquetFile(small)
    with pq.ParquetWriter(large, source.schema_arrow, compression="zstd") as writer:
        for copy in range(copies):
            for group in range(source.num_row_groups):
                table = source.read_row_group(group).combine_chunks()
                for column in ("profile_id", "partner_profile_id"):
                    own = pc.binary_join_element_wise(f"c{copy}", table[column], "-")
                    table = table.set_column(table.schema.get_field_index(column), column, own)
                friends = table["friends"].combine_chunks()
                named = pc.binary_join_element_wise(f"c{copy}", friends.flatten(), "-")
                lists = pa.ListArray.from_arrays(friends.offsets, named)
                table = table.set_column(table.schema.get_field_index("friends"), "friends", lists)
                writer.write_table(table.cast(source.schema_arrow))


def trace_household(seed: int, recordings: int = 1700) -> dict[str, Any]:
    """Identification curve and attribution of the most talkative household of the first hundred."""
    from dataclasses import replace

    from forensics.case.options import Options
    from forensics.reidentification.curve import OVERHEAD_S, TimedUtterance, trace
    from forensics.simulate.households import draw_household
    from forensics.simulate.template_talk import utter
    from forensics.simulate.trial import understood
    from forensics.simulate.world import OBEYING

    homes = [draw_household(number, OBEYING, seed=seed) for number in range(100)]
    home = replace(max(homes, key=lambda h: len(h.claims())), recordings=recordings)
    said = utter(home, OBEYING)
    claims = understood(home, said)
    heard = [
        TimedUtterance(f"utt-{n:05d}", one.at.isoformat(), 4.0, 4.0 + OVERHEAD_S)
        for n, one in enumerate(said)
    ]
    began, cpu = time.monotonic(), time.process_time()
    found = trace(home.name, claims, heard, options=Options(engine="vendor"))
    return {
        "curve_utterances": len(heard),
        "curve_claims": len(claims),
        "curve_rows": len(found["curve"]) + len(found["attribution"]),
        "curve_seconds": round(time.monotonic() - began, 2),
        "curve_cpu_seconds": round(time.process_time() - cpu, 2),
    }


def say(text: str) -> None:
    """What was measured, at once."""
    print(text, file=sys.stderr, flush=True)


def child(what: str, *arguments: object) -> dict[str, Any]:
    """One part in a process of its own; its answer with wall clock, CPU seconds and peak memory."""
    command = [sys.executable, "-m", "benchmarks.bench_linkage", "--part", what, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def part(what: str, *arguments: str) -> dict[str, Any]:
    """What a child process does."""
    began, cpu = time.monotonic(), time.process_time()
    answer: dict[str, Any] = {}
    if what == "index":
        from forensics.linkage.index import open_register

        open_register(arguments[0], Path(arguments[0]).parent)
    elif what == "curve":
        answer = trace_household(int(arguments[0]))
    elif what == "search":
        answer = search_all(Path(arguments[0]), Path(arguments[1]), *map(int, arguments[2:]))
    else:
        from benchmarks.splink_peer import search_with_splink

        answer = search_with_splink(Path(arguments[0]), Path(arguments[1]), arguments[2])
    answer["seconds"] = round(time.monotonic() - began, 2)
    answer["cpu"] = round(time.process_time() - cpu, 2)
    answer["peak_mb"] = peak_mb()
    return answer


def peak_mb() -> int:
    """The most memory that this process has held: getrusage also counts what its parent held before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        return round(int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def show(world: str, found: dict[str, Any]) -> None:
    """A table for people."""
    print(f"\n{world} world: {found['n']} households, {found['profiles']:,} profiles")
    for name, value in found.items():
        if name not in ("ci", "n", "profiles"):
            print(f"  {name:26} {value}  {found['ci'].get(name, '')}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        print(json.dumps(part(*sys.argv[2:])))
    else:
        sys.exit(main())
