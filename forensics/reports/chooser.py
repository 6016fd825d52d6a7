"""Choose a bundle in a notebook: files and folders of this machine, read where they lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.custody import CustodyLog
from forensics.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Sequence

_UP = ".. (one folder up)"
_SHOWN = 500
"""Entries of a folder that are listed; the path of any other can be typed (assumption)."""


class NothingChosenError(BundleError):
    """No bundle was chosen yet. Ends a notebook's run in one sentence."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Chooser:
    """A list of files to choose bundles from.

    Parameters
    ----------
    bundles : path or sequence of paths, optional
        Chosen already.
    case : path, optional
        A case folder, or where one is to be made. What it holds already need not be chosen again.
    folder : path, optional
        Where to look first; beside the case by default.
    """

    def __init__(
        self,
        bundles: str | Path | Sequence[str | Path] = (),
        *,
        case: str | Path = "",
        folder: str | Path = "",
    ) -> None:
        from ipywidgets import HTML, Button, HBox, Layout, SelectMultiple, Text, VBox

        given = [bundles] if isinstance(bundles, str | Path) else list(bundles)
        self._case = Path(case) if str(case) else None
        beside = self._case.resolve().parent if self._case else Path.cwd()
        self._folder = Path(folder).resolve() if str(folder) else beside
        self._chosen = [Path(one).resolve() for one in given if str(one)]
        wide = Layout(width="min(100%, 44em)")
        self._path = Text(description="Folder", layout=wide, continuous_update=False)
        self._list = SelectMultiple(rows=10, layout=wide, description="Bundle")
        self._whole = Button(description="This folder is the bundle", layout=Layout(width="auto"))
        self._said = HTML()
        self._path.observe(self._typed, names="value")
        self._list.observe(self._picked, names="value")
        self._whole.on_click(lambda _: self._choose([self._folder]))
        self._box = VBox([self._path, self._list, HBox([self._whole]), self._said])
        self._open(self._chosen[0].parent if self._chosen else self._folder)
        self._tell()

    @property
    def bundles(self) -> list[Path]:
        """What was chosen and is not in the case yet.

        Raises
        ------
        NothingChosenError
            If nothing is chosen and the case holds nothing.
        """
        held = self._held()
        if not self._chosen and not held:
            raise NothingChosenError("No bundle is chosen.", "Choose one above, then run this cell.")
        return [path for path in self._chosen if (str(path), _bytes(path)) not in held]

    def _held(self) -> set[tuple[str, int | None]]:
        """Path and size of each bundle that the case took in, or was taking in when it was interrupted."""
        if self._case is None or not (self._case / "case.json").is_file():
            return set()
        held: set[tuple[str, int | None]] = set()
        for act in CustodyLog(self._case / "custody.jsonl").acts():
            if act.get("act") == "evidence taken in":
                held.add((str(act.get("source")), act.get("size")))
        return held

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self._box)  # type: ignore[no-untyped-call]

    def _open(self, folder: Path) -> None:
        try:
            found = [one for one in folder.iterdir() if not one.name.startswith(".")]
        except OSError as error:
            self._said.value = f"{type(error).__name__}: that folder cannot be read."
            return
        self._folder = folder
        self._path.value = str(folder)
        found.sort(key=lambda one: (not one.is_dir(), one.name.casefold()))
        labels = [(f"{one.name}/" if one.is_dir() else f"{one.name}  ({_size(one)})", one) for one in found]
        self._list.options = [(_UP, folder.parent), *labels[:_SHOWN]]

    def _typed(self, change: dict[str, Any]) -> None:
        path = Path(change["new"]).expanduser()
        if path.is_file():
            self._choose([path])
            path = path.parent
        if path.is_dir() and path.resolve() != self._folder:
            self._open(path.resolve())

    def _picked(self, change: dict[str, Any]) -> None:
        picked = list(change["new"])
        if len(picked) == 1 and picked[0].is_dir():
            self._open(picked[0])
        elif files := [one for one in picked if one.is_file()]:
            self._choose(files)

    def _choose(self, paths: list[Path]) -> None:
        self._chosen = [path.resolve() for path in paths]
        self._tell()

    def _tell(self) -> None:
        from html import escape

        names = ", ".join(f"<b>{escape(one.name)}</b>" for one in self._chosen)
        if names:
            self._said.value = f"Chosen: {names}. Run the next cell."
        elif held := self._held():
            held_by = f"Bundles that the case holds: {len(held)}."
            self._said.value = f"{held_by} Run the next cell, or choose another one to add it."
        else:
            self._said.value = "Nothing chosen yet."


def _bytes(path: Path) -> int | None:
    """A file's size; of a folder none is kept."""
    return path.stat().st_size if path.is_file() else None


def _size(path: Path) -> str:
    try:
        size = float(path.stat().st_size)
    except OSError:
        return "cannot be read"
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
