"""Words of commands that stand outside all names: ``forensics/profile/data/common_words.txt``.

A word that people say often without meaning anybody is no name unless what stands around it says so.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter

from fitting.command import log, main
from fitting.record import Run, file, shared, write_table
from forensics.knowledge.names import first_name_strength

LISTED = 0.2
TARGET = "forensics/profile/data/common_words.txt"
LEAST, LEAST_LISTED = 1, 2
"""Sentences with a word, of those that no list of first names knows and of those that one does."""
_NAMES = frozenset({"PERSON", "PLACE", "MEDIA", "ORG", "SERVICE", "OTHER", "EVENT"})
_HEAD = (
    "# Words of commands that are no names: outside entities in MASSIVE 1.1, SNIPS, "
    "NLU-Evaluation-Data and\n# Home Assistant intents (CC BY 4.0, CC0), German and English. Made by "
    "fitting/common_words.py.\n"
)


def run(how: Run) -> None:
    """Count, and write the words."""
    corpora = shared("corpora", what="the sentences of the corpora")
    paths = [corpora / language / "train.jsonl" for language in ("en", "de")]
    counts: Counter[str] = Counter()
    for path in paths:
        for line in path.read_text("utf-8").splitlines()[:: how.every]:
            row = json.loads(line)
            if row["source"] == "xsid":  # share-alike
                continue
            spans = [(e["start"], e["end"]) for e in row["entities"] if e["label"] in _NAMES]
            for match in re.finditer(r"[^\W\d_][\w'’-]*", row["text"]):
                if not any(start <= match.start() < end for start, end in spans):
                    counts[match[0].casefold()] += 1
    words = sorted(
        word
        for word, n in counts.items()
        if len(word) > 1 and n >= (LEAST_LISTED if first_name_strength(word) >= LISTED else LEAST)
    )
    target = how.out / TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_HEAD + "\n".join(words) + "\n", "utf-8")
    written = write_table(
        target, script=__file__, what="words of commands that are no names",
        data=[file(path) for path in paths], quality={"words": len(words)}, how=how,
    )  # fmt: skip
    log.info("written: %s", written)


if __name__ == "__main__":
    sys.exit(main(run))
