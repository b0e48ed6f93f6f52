"""A page about a person answers 503 and shows nothing where it cannot be written down who looked."""

from __future__ import annotations

import uuid

from tests.proofs import access_record
from tests.proofs.instance import make


def test_on_sqlite(tmp_path):
    pages = access_record.run(make(tmp_path / "instance"))
    assert len(pages) == 8
    assert [page for page in pages if not page.sound] == []


def test_on_postgresql(tmp_path, postgres):
    name = f"proof_{uuid.uuid4().hex[:8]}"
    postgres.run(f"CREATE DATABASE {name}")
    try:
        pages = access_record.run(make(tmp_path / "instance", database_url=postgres.url(name)))
        assert [page for page in pages if not page.sound] == []
    finally:
        postgres.run(f"DROP DATABASE {name} WITH (FORCE)")
