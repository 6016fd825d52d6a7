"""Sound cues: how often they are wrong, on speakers and files that they were not fitted on.

``make bench-ambience``; ``make fits-ambience`` fits them anew and writes these figures beside them.
"""

from __future__ import annotations

import json

from fitting.ambience import figures, said
from fitting.material.rooms import CUES, manifest
from forensics.knowledge.fitted import fitted


def main() -> None:
    """Print a line per cue, and all figures as one JSON object."""
    fit = fitted("forensics.audio.ambience")
    found = figures(manifest(), {name: fit.value(name) for name in CUES})
    for name, figure in sorted(found.items()):
        print(f"{name:<22}{said(figure)}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
