"""Commands about dossiers. They need no server and no database."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def dossier() -> None:
    """Dossiers of decision records."""


@dossier.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Say whether a byte of FILE has changed since it was issued; exit 1 where one has. Works without the server."""
    from coachkit.domain.decision.sealed import verify as look  # noqa: PLC0415  keeps `--help` fast

    found = look(file.read_bytes())
    if not found.unchanged:
        raise click.ClickException(found.sentence)
    click.echo(found.sentence)
    click.echo(f"Last fingerprint: {found.last}")
