"""`make bench`: pages, submits, calibrations and a large library, each as a ratio to its anchor in the same run."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coachkit.app import create_app
from coachkit.features.learning.queries import ModuleState, module_page
from coachkit.platform import library, schema
from coachkit.platform.db import db, transaction
from coachkit.platform.settings import read_settings
from tests.bench import content, measuring, submits
from tests.bench.serving import Client, server
from tests.factories.cast import PASSWORD, make_cast

ROUNDS = 5
SECONDS = 2
PAGE = "/modules/interviewing-for-needs/worked-example"


def prepare(folder: Path) -> dict[str, str]:
    """An instance with the cast, and the frozen page for the anchor."""
    settings = read_settings({}, instance=folder, hash_memory_kib=64, hash_time=1)
    app = create_app(settings)
    with app.app_context():
        schema.upgrade()
        with transaction() as session:
            library.publish(session, settings.content)
        cast = make_cast(settings)
        books = app.extensions["coachkit_shelf"].current(db.session())
        slug, step = PAGE.removeprefix("/modules/").split("/")
        page = module_page(books, books.module_by_slug(slug), ModuleState((), ()), cast.ana, step)
        with app.test_request_context(PAGE):
            shell = app.template_context_processors[None][-1]()["shell"]
        db.session.remove()
        db.engine.dispose()
    frozen = folder / "page.pickle"
    frozen.write_bytes(pickle.dumps((page, shell)))
    return {
        "COACHKIT_INSTANCE": str(folder),
        "COACHKIT_HASH_MEMORY_KIB": "64",
        "COACHKIT_HASH_TIME": "1",
        "COACHKIT_BENCH_PAGE": str(frozen),
        "COACHKIT_SECRET_KEY": settings.secret_key,
    }


def load(port: int, path: str, cookie: str) -> float:
    """Answers per second with 16 connections, by `wrk`."""
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-H", f"Cookie: {cookie}", f"http://127.0.0.1:{port}{path}"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise RuntimeError(f"{path}: {out}")
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", out)[0])


def reading(environment: dict[str, str]) -> dict[str, float]:
    """Answers per second of the three pages, interleaved; medians."""
    found: dict[str, list[float]] = {"raw": [], "template": [], "module page": []}
    with (
        server("coachkit.wsgi:app", environment) as (port, _),
        server("tests.bench.anchors:app", environment) as (anchors, _),
    ):
        client = Client(port)
        client.sign_in("ana@tessel.example", PASSWORD)
        client.ask("GET", PAGE)
        for _ in range(ROUNDS):
            found["raw"].append(load(anchors, "/raw", client.cookie))
            found["template"].append(load(anchors, "/template", client.cookie))
            found["module page"].append(load(port, PAGE, client.cookie))
    return {name: statistics.median(values) for name, values in found.items()}


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("The bench needs «wrk». On Debian: apt-get install wrk")
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        environment = prepare(Path(folder))
        pages = reading(environment)
        submitted = submits.measure(Path(folder))
    result = {
        "pages_per_second": {name: round(value) for name, value in pages.items()},
        "module_page_to_raw": round(pages["module page"] / pages["raw"], 3),
        "module_page_to_template": round(pages["module page"] / pages["template"], 3),
        "submits": submitted,
        "measurement": measuring.measure(),
        "library": content.measure(),
        "cores": os.cpu_count(),
        "seconds": round(time.monotonic() - started),
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
