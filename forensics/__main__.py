"""``forensics`` and ``python -m forensics``: an interruption is answered in one line, whenever it comes."""

from __future__ import annotations

import sys

from forensics.errors import INTERRUPTED


def main() -> None:
    """Entry point."""
    try:
        from forensics.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write(INTERRUPTED)
        sys.exit(130)


if __name__ == "__main__":
    main()
