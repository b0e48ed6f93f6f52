"""`coachkit content …`: look at a library without a server or a database."""

import json
from pathlib import Path

import click

from coachkit.domain.content.model import Library
from coachkit.domain.content.parse import Loaded, load
from coachkit.platform.library_files import read_folder

_PACKAGE = Path(__file__).resolve().parent
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def content() -> None:
    """Check and count the content library."""


@content.command()
@click.argument("path", type=_FOLDER, required=False)
def check(path: Path | None) -> None:
    """List every problem of the library in PATH as `file:line: message`."""
    loaded = _loaded(path)
    for problem in loaded.problems:
        click.echo(f"{problem}" if problem.is_error else f"{problem} (warning)")
    click.echo(_summary(loaded))
    if loaded.library is None:
        raise SystemExit(1)


@content.command()
@click.argument("path", type=_FOLDER, required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def stats(path: Path | None, *, as_json: bool) -> None:
    """Count what the library in PATH holds."""
    loaded = _loaded(path)
    if loaded.library is None:
        click.echo(_summary(loaded), err=True)
        raise SystemExit(1)
    counts = counted(loaded.library)
    if as_json:
        click.echo(json.dumps(counts))
        return
    for name, count in counts.items():
        click.echo(f"{name.replace('_', ' '):18}{count:>8}")


def counted(library: Library) -> dict[str, int]:
    """How much there is of each thing."""
    return {
        "modules": len(library.modules),
        "scenarios": len(library.scenarios),
        "dialogues": len(library.dialogues),
        "quiz_items": sum(len(module.quiz) for module in library.modules),
        "criteria": len(library.criteria),
        "minutes": sum(module.minutes for module in library.modules),
        "anchors": sum(len(criterion.anchors) for criterion in library.criteria),
        "calibration_sets": len(library.calibration_sets),
        "words": sum(section.words for module in library.modules for section in module.sections),
    }


def _loaded(path: Path | None) -> Loaded:
    return load(read_folder(path or _own_folder()))


def _own_folder() -> Path:
    """The library that came with this coachkit: inside an installed package, or beside it in a checkout."""
    inside = _PACKAGE / "_shipped" / "content"
    return inside if inside.is_dir() else _PACKAGE.parent / "content"


def _summary(loaded: Loaded) -> str:
    errors = len(loaded.errors)
    warnings = len(loaded.problems) - errors
    state = "cannot be published" if loaded.library is None else "can be published"
    return f"{_number(errors, 'error')}, {_number(warnings, 'warning')}: the library {state}."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


if __name__ == "__main__":
    content(prog_name="python -m coachkit.cli_content")
