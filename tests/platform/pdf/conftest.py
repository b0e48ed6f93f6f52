"""One worker and one template environment for all PDF tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from coachkit.platform.pdf import PdfRenderer, status
from coachkit.platform.templates import make_environment

TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture(scope="session")
def templates() -> Environment:
    return make_environment(TEMPLATES)


@pytest.fixture(scope="session")
def pango() -> None:
    answer = status()
    if not answer.ready:
        pytest.skip(answer.sentence)


@pytest.fixture(scope="session")
def renderer(pango: None) -> Iterator[PdfRenderer]:
    with PdfRenderer() as running:
        yield running


@pytest.fixture(scope="session")
def engine(pango: None):
    """The engine without any lock around it, so that what it refuses it refuses alone."""
    from coachkit.platform.pdf.engine import Engine

    return Engine()


def in_process(test):
    """The engine leaves its colour profile open; in a worker this is of no consequence."""
    for rule in ("ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"):
        test = pytest.mark.filterwarnings(rule)(test)
    return test
