"""The operator's door. Commands call services; they never touch tables."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachkit.cli_anchors import anchors
from coachkit.cli_content import content
from coachkit.cli_dossier import dossier
from coachkit.platform.settings import SettingsError

if TYPE_CHECKING:
    from flask import Flask

    from coachkit.platform.settings import Settings


def build_app() -> Flask:
    """The application for one command."""
    from coachkit.app import create_app
    from coachkit.platform import log

    log.set_up(readable=sys.stderr.isatty())
    return create_app()


@click.group()
@click.version_option(package_name="coachkit")
def main() -> None:
    """coachkit: practice and evidence for the people between IT and the business."""


main.add_command(anchors)
main.add_command(content)
main.add_command(dossier)


@main.command()
@click.option("--demo", is_flag=True, help="Fill an empty instance with the demo programme.")
def init(demo: bool) -> None:
    """Create or upgrade the database, publish the library, and make the first administrator's link."""
    from coachkit.features.accounts.service import first_admin_link
    from coachkit.platform import schema
    from coachkit.platform.db import transaction

    app = build_app()
    settings = app.config["COACHKIT"]
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with app.app_context():
        schema.upgrade()
        _publish(settings, only_news=True)
        _renew_readings()
        if demo:
            _fill_demo(settings.instance)
        with transaction() as session:
            token = first_admin_link(session)
    if token:
        click.echo("Nobody has an account yet. The first administrator opens, within seven days:")
        click.echo(f"  {settings.base_url}/first-admin/{token}")


def _publish(settings: Settings, folder: Path | None = None, *, only_news: bool = False) -> bool:
    """Publish a library with the instance's packs. A broken one is reported, and the last good one stays.

    With `only_news`, a version that was published before is left alone: perhaps somebody has gone back from it.
    """
    from coachkit.features.operations import publishing
    from coachkit.platform import library
    from coachkit.platform.db import transaction

    checked = library.check_folder(folder or settings.content, settings.packs)
    errors = checked.loaded.errors
    if errors:
        for problem in errors:
            click.echo(str(problem), err=True)
        click.echo(f"{len(errors)} problems; nothing was published, the last good library is served.", err=True)
        return False
    with transaction() as session:
        if only_news:
            publishing.publish_news(session, checked)
        else:
            publishing.publish(session, None, checked)
    return True


def _renew_readings() -> None:
    from coachkit.platform import library
    from coachkit.platform.db import transaction

    with transaction() as session:
        library.renew_readings(session)


@main.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def publish(folder: Path | None) -> None:
    """Check a library and, where it is sound, serve it from now on."""
    app = build_app()
    with app.app_context():
        if not _publish(app.config["COACHKIT"], folder):
            raise SystemExit(1)
    click.echo("Published.")


@main.group("library")
def library_group() -> None:
    """The published versions of the library."""


@library_group.command("list")
def list_versions() -> None:
    """Every version, the newest first; an asterisk marks the one that is served."""
    from coachkit.features.operations import publishing
    from coachkit.platform.db import db

    app = build_app()
    with app.app_context():
        found = publishing.versions(db.session())
    for each in found:
        attempts = f"{each.attempts} attempt{'' if each.attempts == 1 else 's'}"
        mark = "*" if each.current else " "
        click.echo(f"{mark} {each.short}  {each.published_at:%Y-%m-%d %H:%M}  {each.title}, {each.edition}  {attempts}")


@library_group.command()
@click.argument("version")
def rollback(version: str) -> None:
    """Serve a VERSION again that was published once; the beginning of its name is enough."""
    from coachkit.features.operations import publishing
    from coachkit.platform import library
    from coachkit.platform.db import transaction
    from coachkit.platform.errors import NotFoundError

    app = build_app()
    with app.app_context():
        try:
            with transaction() as session:
                name = library.called(session, version)
                publishing.roll_back(session, None, name)
        except NotFoundError as error:
            raise click.ClickException(error.sentence) from error
    click.echo(f"Version {name[:12]} is served. Attempts keep the version that they began with.")


def _fill_demo(instance: Path) -> None:
    from coachkit.features.operations.demo import ORGANISATION, NotEmptyError, fill, is_demo

    try:
        fill()
        settings_file = instance / "coachkit.toml"
        if not settings_file.exists():
            settings_file.write_text(f'organisation = "{ORGANISATION}"\n', encoding="utf-8")
    except NotEmptyError:
        if not is_demo():
            click.echo("This instance has people already; the demo programme was not loaded.")


@main.command()
def demo() -> None:
    """Fill an empty instance with a believable organisation, the same every time."""
    from coachkit.platform import schema

    app = build_app()
    with app.app_context():
        schema.upgrade()
        _publish(app.config["COACHKIT"], only_news=True)
        _fill_demo(app.config["COACHKIT"].instance)
        _show_sign_ins()


def _show_sign_ins() -> None:
    from coachkit.features.operations.demo import SIGN_INS, is_demo

    if not is_demo():
        return
    click.echo("The demo programme. Sign in as:")
    for who, email, password in SIGN_INS:
        click.echo(f"  {who:<8} {email:<32} {password}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.option("--workers", default=2, show_default=True, help="Web processes; as many as the machine has cores.")
@click.option("--no-jobs", is_flag=True, help="Run no job worker beside; another process does.")
@click.option(
    "--watch", is_flag=True, help="For authors: show each saved file of the library at once, with its problems."
)
def serve(host: str, port: int, workers: int, no_jobs: bool, watch: bool) -> None:
    """Serve the site, with a job worker beside it."""
    from coachkit import serving

    if watch and host not in {"127.0.0.1", "::1", "localhost"}:
        raise click.ClickException("--watch is for an author's own machine; it publishes whatever is saved.")
    app = build_app()
    with app.app_context():
        problem = serving.start_up_problem()
        if problem:
            raise click.ClickException(problem)
        _show_sign_ins()
    click.echo(f"coachkit is at http://{host}:{port}")
    serving.run(host, port, workers=workers, with_jobs=not no_jobs, watch=watch)


@main.command()
def worker() -> None:
    """Do the jobs: mails, reports. One or more of these may run."""
    from coachkit import worker as jobs_worker

    jobs_worker.run()


@main.command()
@click.option("--cohort", required=True, help="The cohort's name.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the PDFs.")
def report(cohort: str, out: Path) -> None:
    """Make every learner's own report and write the PDFs; each learner is told. Stopped, it goes on where it was."""
    from coachkit.features.reports import batches, jobs
    from coachkit.platform.db import db, transaction
    from coachkit.platform.tools import tools

    app = build_app()
    with app.app_context():
        try:
            with transaction() as session:
                found = batches.cohort_named(session, cohort)
                if found is None:
                    raise click.ClickException(f"There is no cohort «{cohort}».")
                batch_id = batches.start_here(session, found.id).id
            items = batches.waiting_items(db.session(), batch_id)
            with click.progressbar(items, label="Reports") as bar:
                for item_id in bar:
                    with transaction() as session:
                        jobs.make_item(session, item_id=item_id)
            with transaction() as session:
                written, state = batches.write_files(session, batch_id, out), batches.view(session, batch_id)
        finally:
            tools().renderer.close()
            db.session.remove()
            db.engine.dispose()
    click.echo(f"{written} files written to {out}.")
    failed = state.failed if state else ()
    for item in failed:
        click.echo(f"{item.name}: {item.problem}", err=True)
    if failed:
        raise SystemExit(1)


@main.group()
def bench() -> None:
    """How well the statements do where the truth is known: in simulated populations."""


@bench.command("decisions", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1)
def bench_decisions(arguments: tuple[str, ...]) -> None:
    """Reproduce the benchmark of docs/measurement.md: all worlds, all methods, the oracle included."""
    from coachkit.benchmark_decisions import decisions

    decisions.main(args=list(arguments), prog_name="coachkit bench decisions")


@main.group()
def audit() -> None:
    """The chain of events."""


@audit.command()
def verify() -> None:
    """Walk the chain; exit 1 where an event was changed or is missing."""
    from coachkit.platform import audit as chain
    from coachkit.platform.db import db

    app = build_app()
    with app.app_context():
        verdict = chain.verify(db.session())
    if verdict.broken_at is not None:
        raise click.ClickException(f"Event {verdict.broken_at}: {verdict.reason}")
    click.echo(f"{verdict.events} events, unbroken.")


@main.command()
def doctor() -> None:
    """Say what works on this machine and what is missing."""
    from coachkit.features.operations.health import findings
    from coachkit.platform.db import db

    app = build_app()
    with app.app_context():
        found = findings(app.config["COACHKIT"])
        db.session.remove()
        db.engine.dispose()
    for finding in found:
        click.echo(f"{'ok  ' if finding.fine else 'LOOK'}  {finding.name}: {finding.sentence}")
    if not all(finding.fine for finding in found):
        raise SystemExit(1)


@main.command(hidden=True)
@click.argument("message")
def migration(message: str) -> None:
    """For developers: write the migration that brings the tables to what the models say."""
    from coachkit.app import create_app
    from coachkit.platform import schema
    from coachkit.platform.settings import read_settings

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_settings({}, instance=Path(folder), secret_key="none"))  # noqa: S106
        with app.app_context():
            schema.upgrade()
            click.echo(schema.new_migration(message))


def run() -> None:
    """The console script: settings errors in one sentence."""
    try:
        main()
    except SettingsError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(2) from error


if __name__ == "__main__":
    run()
