"""The library as it is shipped, read once."""

from __future__ import annotations

import pytest

from coachkit.domain.content.model import Library
from coachkit.domain.content.parse import Loaded, load
from coachkit.platform.library_files import read_folder
from tests.content.elements import PROJECT


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """The shipped library with its problems."""
    return load(read_folder(PROJECT / "content"))


@pytest.fixture(scope="session")
def shipped(loaded: Loaded) -> Library:
    """The shipped library."""
    assert loaded.library is not None, [str(problem) for problem in loaded.errors]
    return loaded.library
