"""The decisions on record can be named by their numbers."""

import re

from tests.conftest import PROJECT


def test_each_decision_has_a_number_of_its_own_and_says_it():
    files = sorted((PROJECT / "docs" / "decisions").glob("*.md"))
    numbers = [int(file.name[:4]) for file in files]
    assert numbers == list(range(1, len(files) + 1))
    for file, number in zip(files, numbers, strict=True):
        assert re.match(rf"# {number}\. \S", file.read_text()), file.name
