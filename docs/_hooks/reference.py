"""Written while the site is built: the navigation of what exists, and the reference from the code itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

_UNDERLINE = re.compile(r"^-{3,}$")


def on_config(config: Any) -> Any:
    """Leave out pages that do not exist, put in those that nobody listed, and add the reference."""
    folder = Path(config.docs_dir)
    listed: set[str] = set()
    config.nav = list(_kept(config.nav, folder, listed))
    found = sorted(p.name for p in folder.glob("*.md") if p.name not in listed)
    method = next(part for part in config.nav if "Method" in part)["Method"]
    method += [{_title(folder / name): name} for name in found]
    names = [{title: f"reference/{name}.md"} for name, (title, _) in _pages().items()]
    config.nav.insert(len(config.nav) - 1, {"Reference": names})
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the reference pages."""
    for name, (_, text) in _pages().items():
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files


def _kept(nav: list[Any], folder: Path, listed: set[str]) -> Iterator[Any]:
    for entry in nav:
        ((title, target),) = entry.items()
        if isinstance(target, list):
            yield {title: list(_kept(target, folder, listed))}
        elif (folder / target).is_file():
            listed.add(target)
            yield entry


def _title(path: Path) -> str:
    first = path.read_text("utf-8").split("\n", 1)[0]
    return first.removeprefix("# ").split(":")[0]


def _pages() -> dict[str, tuple[str, str]]:
    return {
        "python": ("Python", _python()),
        "commands": ("Commands", _commands()),
        "tables": ("Tables", _tables()),
        "options": ("Options and stages", _stages()),
    }


def _python() -> str:
    """The public names, from their docstrings."""
    import forensics
    from forensics.batch import BundleOutcome, batch
    from forensics.case.review import Review
    from forensics.reports import write
    from forensics.reports.explained import Explained
    from forensics.reports.review_widget import review
    from forensics.reports.transcripts import Exported

    beside = {
        "Review": Review, "reports.write": write, "reports.explained.Explained": Explained,
        "reports.transcripts.Exported": Exported, "reports.review_widget.review": review,
        "batch.batch": batch, "batch.BundleOutcome": BundleOutcome,
    }  # fmt: skip
    parts = ["# Python", _markdown(inspect.getdoc(forensics) or "")]
    named = {name: getattr(forensics, name) for name in forensics.__all__}
    for name, thing in {**named, **beside}.items():
        parts += [f"## forensics.{name}", *_described(name.rpartition(".")[2], thing)]
        if inspect.isclass(thing) and not issubclass(thing, Exception):
            offered = dir(thing.__new__(thing)) if "__dir__" in vars(thing) else list(vars(thing))
            for method in offered:
                function = inspect.getattr_static(thing, method, None)
                shown = isinstance(function, property | classmethod | cached_property) or inspect.isfunction(
                    function
                )
                if shown and not method.startswith("_") and function.__doc__:
                    parts += [f"### {name}.{method}", *_described(method, function)]
    return "\n\n".join(parts)


def _described(name: str, thing: Any) -> Iterator[str]:
    target = getattr(thing, "__func__", thing)
    if callable(target) and not (inspect.isclass(thing) and issubclass(thing, Exception)):
        yield f"```python\n{name}{_signature(target)}\n```"
    yield _markdown(inspect.getdoc(thing) or "")


def _signature(target: Any) -> str:
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(target)))
    if len(text) < 90:
        return text
    inside, _, rest = text[1:].rpartition(")")
    parts = re.split(r", (?![^\[]*\])", inside)
    return "(\n" + "".join(f"    {part},\n" for part in parts) + f"){rest}"


def _markdown(docstring: str) -> str:
    """numpydoc as Markdown: sections in bold, their entries as lists, examples as code."""
    lines, made, section = docstring.replace("  # doctest: +SKIP", "").splitlines(), [], ""
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _UNDERLINE.match(following) and line.strip():
            section = line.strip()
            made += ["", f"**{section}**", ""]
        elif _UNDERLINE.match(line):
            continue
        elif section == "Examples":
            made.append(f"    {line}" if line.strip() else "")
        elif section and line and not line.startswith(" "):
            name, _, kind = line.partition(" : ")
            made.append(f"- `{name}`" + (f" ({kind})" if kind else ""))
        elif section and line.startswith(" "):
            made.append(f"    {line.strip()}")
        else:
            made.append(line)
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", "\n".join(made).replace("``", "`"))


def _commands() -> str:
    """Every command with its arguments and options, as typer has them."""
    import typer

    from forensics.cli import app

    group = typer.main.get_command(app)
    parts = ["# Commands", "`forensics --help` and `forensics COMMAND --help` say the same."]
    for path, command in _walk(group, ("forensics",)):
        parts += [f"## {' '.join(path)}", inspect.cleandoc(command.help or "")]
        if command.epilog:
            parts += [f"```text\n{command.epilog}\n```"]
        rows = []
        for parameter in command.params:
            names = ", ".join([*parameter.opts, *parameter.secondary_opts])
            if names in ("--help", "--install-completion", "--show-completion"):
                continue
            shown = (
                getattr(parameter, "metavar", None) or parameter.name if not names.startswith("-") else names
            )
            default = parameter.default
            plain = (
                default is None or callable(default) or default in (False, ()) or "Sentinel" in repr(default)
            )
            help_text = (getattr(parameter, "help", "") or "").replace("|", "\\|")
            rows.append(f"| `{shown}` | {help_text} | {'' if plain else f'`{default}`'} |")
        if rows:
            parts.append("\n".join(["| | | default |", "| --- | --- | --- |", *rows]))
    return "\n\n".join(parts)


def _walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", None)
    if not inner:
        yield path, command
        return
    for name in sorted(inner):
        yield from _walk(inner[name], (*path, name))


def _tables() -> str:
    """Every table with its columns, from the contract itself."""
    from forensics.case.columns import meaning_of
    from forensics.case.schemas import TABLES
    from forensics.reports.described import type_in_words, values_in_words

    parts = [
        "# Tables",
        "Parquet files in `tables/`; each is checked against this on every read. In Python "
        "`Case.describe(TABLE)` says the same. Columns marked × hold text that came out of the bundle: it is "
        "shown only where names are revealed.",
    ]
    for table in TABLES.values():
        parts += [f"## {table.name}", f"A row is {table.row}. Key: {', '.join(f'`{k}`' for k in table.key)}."]
        rows = [
            "| column | what it holds | type, values | masked |",
            "| --- | --- | --- | --- |",
        ]
        for column in table.all_columns:
            cells = (
                f"`{column.name}`",
                meaning_of(table.name, column.name) + (" (may be missing)" if column.nullable else ""),
                ": ".join(filter(None, (type_in_words(column), values_in_words(column)))),
                "" if column.shown_masked else "×",
            )
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def _stages() -> str:
    """The floor plan and the options."""
    from forensics.case.options import Options
    from forensics.corridor.pipeline import STAGES

    rows = ["| stage | reads | writes | options | version |", "| --- | --- | --- | --- | --- |"]
    for stage in STAGES:
        cells = (stage.reads, stage.writes, stage.options)
        rows.append(f"| {stage.name} | {' | '.join(', '.join(c) or '–' for c in cells)} | {stage.version} |")
    head = [
        "# Options and stages",
        "A stage runs again when what it reads, its options, its models or its version change.",
    ]
    return "\n\n".join([*head, "\n".join(rows), "## Options", _markdown(inspect.getdoc(Options) or "")])
