"""A library of a thousand modules: read, checked and rendered once (cold), and taken from its stored reading (warm).

The modules are those of the shipped library, again and again under new ids, so that they have the size of real ones.
`python -m tests.bench.content [modules]` runs it alone.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

from coachkit.app import create_app
from coachkit.domain.content.parse import load
from coachkit.platform import library, schema
from coachkit.platform.db import db, transaction
from coachkit.platform.library import Checked, Shelf
from coachkit.platform.library_files import read_folder
from coachkit.platform.settings import read_settings

MODULES = 1000
WARM_ROUNDS = 3


def many_modules(count: int) -> dict[str, bytes]:
    """The shipped library with its modules repeated until there are `count`."""
    files = read_folder(read_settings({}).content)
    own = sorted({path.split("/")[1] for path in files if path.startswith("modules/")})
    ids = {slug: _id(files[f"modules/{slug}/module.md"]) for slug in own}
    for number in range(count - len(own)):
        slug = own[number % len(own)]
        new_id = f"x{number}"
        for path in [path for path in files if path.startswith(f"modules/{slug}/")]:
            text = files[path].decode()
            if path.endswith(("quiz.yaml", "cards.yaml")):
                text = re.sub(rf"^- id: {ids[slug]}-", f"- id: {new_id}-", text, flags=re.MULTILINE)
            elif path.endswith("module.md"):
                text = text.replace(f"id: {ids[slug]}\n", f"id: {new_id}\n", 1)
            files[path.replace(f"modules/{slug}/", f"modules/copy-{number}/")] = text.encode()
    return files


def _id(module: bytes) -> str:
    found = re.search(r"^id: (\S+)$", module.decode(), re.MULTILINE)
    assert found
    return found[1]


def measure(count: int = MODULES) -> dict[str, object]:
    """Seconds cold and warm, their ratio, and what the library weighs."""
    files = many_modules(count)
    began, worked = time.perf_counter(), time.process_time()
    with library.rare_collections():
        loaded = load(files)
    cold, worked = time.perf_counter() - began, time.process_time() - worked
    if loaded.library is None:
        raise RuntimeError([str(problem) for problem in loaded.errors[:5]])
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_settings({}, instance=Path(folder)))
        with app.app_context():
            schema.upgrade()
            began = time.perf_counter()
            with transaction() as session:
                library.put(session, Checked(files, loaded))
            stored = time.perf_counter() - began
            warm = min(_warm(len(loaded.library.modules)) for _ in range(WARM_ROUNDS))
            db.session.remove()
            size = (Path(folder) / "coachkit.sqlite").stat().st_size
            db.engine.dispose()
    return {
        "modules": len(loaded.library.modules),
        "source_megabytes": round(sum(map(len, files.values())) / 1e6, 1),
        "cold_seconds": round(cold, 2),
        "cold_processor_seconds": round(worked, 2),
        "cold_processor_ms_per_module": round(worked / count * 1000, 1),
        "publish_seconds": round(stored, 2),
        "warm_seconds": round(warm, 2),
        "warm_to_cold": round(warm / cold, 3),
        "database_megabytes": round(size / 1e6, 1),
        "peak_memory_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _warm(expected: int) -> float:
    """A fresh shelf, as a process has one that has just begun."""
    db.session.remove()
    began = time.perf_counter()
    found = Shelf(0).current(db.session())
    seconds = time.perf_counter() - began
    assert len(found.modules) == expected
    return seconds


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if sys.argv[1:] else MODULES), indent=2))
