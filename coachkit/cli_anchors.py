"""`coachkit anchors`: do independent judges put each anchor at its level?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from coachkit.domain.content.model import Criterion


@click.group()
def anchors() -> None:
    """Try a criterion's anchors on people who have not seen the levels."""


def _criteria(wanted: tuple[str, ...]) -> list[Criterion]:
    from coachkit.platform import library  # noqa: PLC0415  keeps `--help` fast
    from coachkit.platform.settings import read_settings  # noqa: PLC0415

    settings = read_settings(secret_key="none")  # noqa: S106  nothing is signed here
    books = library.check_folder(settings.content, settings.packs).library
    if books is None:
        raise click.ClickException("The library has problems; `coachkit content check` names them.")
    known = {criterion.id: criterion for criterion in books.criteria}
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise click.ClickException(f"There is no criterion «{unknown[0]}».")
    return [criterion for criterion in books.criteria if not wanted or criterion.id in wanted]


@anchors.command()
@click.argument("criterion_ids", nargs=-1)
@click.option("--seed", default=1, show_default=True, help="Decides the order; give the same one to `score`.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A CSV file; printed if left out.")
@click.option("--json", "as_json", is_flag=True, help="Cards as JSON instead of CSV.")
def shuffle(criterion_ids: tuple[str, ...], seed: int, out: Path | None, as_json: bool) -> None:
    """Print the anchors of CRITERION_IDS (all, if none) without levels, in random order, for a judge to fill in."""
    from coachkit.domain.content import anchor_sorting  # noqa: PLC0415

    found = _criteria(criterion_ids)
    text = anchor_sorting.sheet(found, seed)
    if as_json:
        shown = [
            {"criterion": c.id, "name": c.name, "cards": {letter: t for letter, _l, t in anchor_sorting.cards(c, seed)}}
            for c in found
        ]
        text = json.dumps({"seed": seed, "criteria": shown}, ensure_ascii=False, indent=1) + "\n"
    if out:
        out.write_text(text, encoding="utf-8")
        click.echo(
            f"{len(found)} criteria in {out}. The judge fills in the column «level»; score it with --seed {seed}."
        )
    else:
        click.echo(text, nl=False)


@anchors.command()
@click.argument("sheets", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seed", default=1, show_default=True, help="The seed of the sheets.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def score(sheets: tuple[Path, ...], seed: int, as_json: bool) -> None:
    """Read the filled-in SHEETS, one a judge, and say per anchor how often it was put at its level."""
    from coachkit.domain.content import anchor_sorting  # noqa: PLC0415

    known = {criterion.id: criterion for criterion in _criteria(())}
    sortings = []
    for path in sheets:
        try:
            sortings.append(anchor_sorting.read_sheet(path.read_text(encoding="utf-8-sig"), known, seed))
        except (anchor_sorting.SheetError, UnicodeDecodeError) as error:
            raise click.ClickException(f"{path}: {error}") from error
    results = anchor_sorting.score(sortings)
    if as_json:
        rows = [{**asdict(result), "keep": result.keep} for result in results]
        click.echo(json.dumps({"judges": len(sheets), "seed": seed, "anchors": rows}, indent=1))
        return
    for result in results:
        mixed = f"  mixed up with {', '.join(map(str, result.mixed_up_with))}" if result.mixed_up_with else ""
        counts = f"{result.exact} of {result.judges} exact, {result.within_one} within one"
        click.echo(f"{'keep   ' if result.keep else 'rewrite'}  {result.criterion} {result.level}: {counts}{mixed}")
