"""`coachkit content …`: what authors do with a library; needs neither server nor database, but for older versions."""

import json
import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import click

from coachkit.domain.content import skeletons
from coachkit.domain.content.authored import AuthoredDialogue
from coachkit.domain.content.changes import PROMISE, Change, changes
from coachkit.domain.content.drawing import draw
from coachkit.domain.content.editor_schemas import schemas
from coachkit.domain.content.fields import SLUG
from coachkit.domain.content.graph import dead_ends, reachable, walk
from coachkit.domain.content.layers import read_layers
from coachkit.domain.content.model import Library
from coachkit.domain.content.parse import Loaded, load
from coachkit.domain.content.problems import Problem
from coachkit.domain.content.rehearsal import rehearse
from coachkit.domain.content.text_files import belongs, text_files
from coachkit.platform.library_archive import ArchiveError, read_archive, write_archive, write_folder
from coachkit.platform.library_files import gather, read_folder

_PACKAGE = Path(__file__).resolve().parent
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_PACKS = click.option("--pack", "packs", type=_FOLDER, multiple=True, help="A pack to lay over it; may be repeated.")


@click.group()
def content() -> None:
    """Check, count, compare, begin, draw and pack a content library."""


@content.command()
@click.argument("path", type=_FOLDER, required=False)
@_PACKS
def check(path: Path | None, packs: tuple[Path, ...]) -> None:
    """List every problem of the library in PATH as `file:line: message`."""
    loaded = _loaded(path, packs)
    _show(loaded)
    if loaded.library is None:
        raise SystemExit(1)


def _show(loaded: Loaded) -> None:
    for problem in loaded.problems:
        click.echo(f"{problem}" if problem.is_error else f"{problem} (warning)")
    click.echo(_summary(loaded))


@content.command()
@click.argument("path", type=_FOLDER, required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@_PACKS
def stats(path: Path | None, packs: tuple[Path, ...], *, as_json: bool) -> None:
    """Count what the library in PATH holds."""
    counts = counted(_sound(path, packs))
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


@content.command()
@click.argument("old")
@click.argument("new")
def diff(old: str, new: str) -> None:
    """Say what NEW changes for people who are in the middle of OLD.

    Each is a folder, the beginning of a published version's name, or «current».
    """
    before, after = _edition(old), _edition(new)
    found = changes(before, after)
    for part, some in groupby(found, key=lambda change: change.part):
        click.echo(part)
        for change in some:
            click.echo(f"  {_line(change)}")
    click.echo(f"{_number(len(found), 'difference')}. {PROMISE}" if found else "No difference that anybody would see.")


def _line(change: Change) -> str:
    meaning = f": {change.meaning}" if change.meaning else ""
    return f"{change.kind:<8}{change.name}{meaning}{'; its version was not raised' if change.careless else ''}"


def _edition(name: str) -> Library:
    """A folder's library, or a published one."""
    if Path(name).is_dir():
        return _sound(Path(name))
    from coachkit.app import create_app  # noqa: PLC0415  a folder can be looked at without an instance
    from coachkit.platform import library  # noqa: PLC0415
    from coachkit.platform.db import db  # noqa: PLC0415
    from coachkit.platform.errors import CoachkitError  # noqa: PLC0415

    app = create_app()
    with app.app_context():
        shelf: library.Shelf = app.extensions["coachkit_shelf"]
        try:
            if name == "current":
                return shelf.current(db.session())
            return shelf.version(db.session(), library.called(db.session(), name))
        except CoachkitError as error:
            raise click.ClickException(f"«{name}» is no folder. {error.sentence}") from error


@content.command()
@click.argument("kind", type=click.Choice(["module", "scenario", "dialogue"]))
@click.argument("thing_id", metavar="ID")
@click.option("--in", "path", type=_FOLDER, help="The library's folder; the shipped one unless given.")
@click.option("--slug", help="A module's folder; its id unless given.")
def new(kind: str, thing_id: str, path: Path | None, slug: str | None) -> None:
    """Begin a module, scenario or dialogue: sound in form, with a TODO where an author has to say something."""
    folder = path or _own_folder()
    library = _sound(folder)
    for name in (thing_id, slug or thing_id):
        if not re.fullmatch(SLUG, name):
            raise click.ClickException(f"«{name}» is not lower case, digits and hyphens.")
    try:
        files = _skeleton(library, kind, thing_id, slug or thing_id)
    except skeletons.NothingToBuildOnError as error:
        raise click.ClickException(str(error)) from error
    named = {each.id for each in library.modules} | {each.id for each in library.scenarios}
    taken = thing_id in named | {each.id for each in library.dialogues}
    if taken or any((folder / name).exists() for name in files):
        raise click.ClickException(f"«{thing_id}» is there already.")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(f"{folder / name}: {_number(text.count('TODO'), 'thing')} to do")


def _skeleton(library: Library, kind: str, thing_id: str, slug: str) -> Mapping[str, str]:
    if kind == "module":
        return skeletons.module_files(library, thing_id, slug)
    if kind == "scenario":
        return skeletons.scenario_files(library, thing_id)
    return skeletons.dialogue_files(library, thing_id)


@content.command()
@click.argument("dialogue_id", metavar="DIALOGUE")
@click.argument("path", type=_FOLDER, required=False)
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Where the drawing goes; DIALOGUE.svg.")
@_PACKS
def graph(dialogue_id: str, path: Path | None, svg: Path | None, packs: tuple[Path, ...]) -> None:
    """Follow every way through a DIALOGUE (its id, or its scenario's) and draw it; works on an unfinished one too."""
    files = gather(path or _own_folder(), packs).files
    problems: list[Problem] = []
    drafts = [placed.value for placed in read_layers(text_files(files, problems), problems).dialogues]
    found = [each for each in drafts if dialogue_id in {each.id, each.scenario}]
    if not found:
        raise click.ClickException(f"There is no dialogue «{dialogue_id}» that can be read.")
    for line in _ways(found[0]):
        click.echo(line)
    target = svg or Path(f"{found[0].id}.svg")
    target.write_text(draw(found[0]), encoding="utf-8")
    click.echo(f"{'drawing':18}{target}")


def _ways(dialogue: AuthoredDialogue) -> list[str]:
    names = {*dialogue.nodes, *dialogue.endings}
    reached = reachable(dialogue.graph, dialogue.start)
    lost = {target for node in dialogue.nodes.values() for target in node.targets} - names
    lines = [
        f"{'nodes':18}{len(dialogue.nodes)}",
        f"{'not reached':18}{_names(names - reached)}",
        f"{'dead ends':18}{_names(dead_ends(dialogue.graph, dialogue.endings))}",
    ]
    if lost or dialogue.start not in dialogue.nodes:
        return [*lines, f"{'targets missing':18}{_names(lost | ({dialogue.start} - names))}"]
    plays, rehearsal = walk(dialogue.graph, dialogue.start, dialogue.endings), rehearse(dialogue)
    lines.append(f"{'stuck at':18}{_names(plays.stuck_at | rehearsal.stuck_at)}")
    lines.append(f"{'paths':18}{plays.paths:,}{'' if plays.complete else ' and more'}")
    for name, ending in dialogue.endings.items():
        met = "met" if name in rehearsal.endings else "never met" if rehearsal.complete else "not found"
        lines.append(f"{'ending':18}{name} ({ending.tone}), {met}: {ending.title}")
    return lines


def _names(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"


@content.command()
@click.argument("archive", metavar="FILE.zip", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("path", type=_FOLDER, required=False)
def export(archive: Path, path: Path | None) -> None:
    """Put the library or pack in PATH into one file; the same content makes the same bytes."""
    files = {name: data for name, data in read_folder(path or _own_folder()).items() if belongs(name)}
    write_archive(files, archive)
    click.echo(f"{archive}: {_number(len(files), 'file')}")


@content.command("import")
@click.argument("archive", metavar="FILE.zip", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def unpack(archive: Path, folder: Path) -> None:
    """Unpack a library or pack into DIR, which must be new or empty, and check it."""
    try:
        files = read_archive(archive)
        write_folder(files, folder)
    except ArchiveError as error:
        raise click.ClickException(f"{error} Nothing was written.") from error
    if "library.yaml" in files:
        _show(load(files))
    click.echo(f"{folder}: {_number(len(files), 'file')}")


@content.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def schema(folder: Path) -> None:
    """Write JSON Schemas of the format into DIR, for editors that complete and check YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"{folder}: {_number(len(schema_texts()), 'schema')}")


def schema_texts() -> dict[str, str]:
    """By file name, as they are written."""
    return {f"{name}.json": json.dumps(each, indent=2, ensure_ascii=False) + "\n" for name, each in schemas().items()}


def _loaded(path: Path | None, packs: tuple[Path, ...] = ()) -> Loaded:
    gathered = gather(path or _own_folder(), packs)
    loaded = load(gathered.files)
    return Loaded(loaded.library, tuple(map(gathered.at_home, loaded.problems)))


def _sound(path: Path | None, packs: tuple[Path, ...] = ()) -> Library:
    """The library in a folder; ends the command where it has errors."""
    loaded = _loaded(path, packs)
    if loaded.library is None:
        click.echo(_summary(loaded), err=True)
        raise SystemExit(1)
    return loaded.library


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
