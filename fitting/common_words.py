"""Write ``forensics/profile/data/common_words.txt``: words of commands that stand outside all names.

A word that people say often without meaning anybody is no name unless what stands around it says so.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from pathlib import Path

from forensics.knowledge.names import first_name_strength

LISTED = 0.2
CORPORA = Path(os.environ.get("FORENSICS_CORPORA", "/work/shared/corpora"))
TARGET = Path(__file__).resolve().parents[1] / "forensics" / "profile" / "data" / "common_words.txt"
LEAST, LEAST_LISTED = 1, 2
"""Sentences with a word, of those that no list of first names knows and of those that one does."""
_NAMES = frozenset({"PERSON", "PLACE", "MEDIA", "ORG", "SERVICE", "OTHER", "EVENT"})
_HEAD = (
    "# Words of commands that are no names: outside entities in MASSIVE 1.1, SNIPS, "
    "NLU-Evaluation-Data and\n# Home Assistant intents (CC BY 4.0, CC0), German and English. Made by "
    "fitting/common_words.py.\n"
)


def main() -> int:
    """Count, and write the words."""
    counts: Counter[str] = Counter()
    for name in ("en/train", "de/train"):
        for line in (CORPORA / f"{name}.jsonl").open(encoding="utf-8"):
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
    TARGET.write_text(_HEAD + "\n".join(words) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
