"""Each entry track stands on its own: no module waits for one that its learner never sees."""

from functools import cache
from pathlib import Path

import pytest

from coachkit.domain.content.model import Library
from coachkit.domain.content.parse import load
from coachkit.domain.learning_path.tracks import on_track, prerequisites
from coachkit.platform.library_files import read_folder


@cache
def shipped() -> Library:
    library = load(read_folder(Path(__file__).parents[3] / "content")).library
    assert library is not None
    return library


@pytest.mark.parametrize("track", ["it", "business"])
def test_every_prerequisite_lies_on_the_learner_s_own_track(track):
    library = shipped()
    ids = {module.id for module in on_track(library, track)}
    for module in on_track(library, track):
        needs = prerequisites(library, module, track)
        assert set(needs) <= ids - {module.id}


def test_it_in_plain_words_stands_for_know_the_business_on_the_business_track():
    library = shipped()
    after = [module for module in library.modules if "m03" in module.prerequisites]
    assert after
    for module in after:
        assert "m03" in prerequisites(library, module, "it")
        assert "m03-b" in prerequisites(library, module, "business")
        assert "m03" not in prerequisites(library, module, "business")


@pytest.mark.parametrize("track", ["it", "business"])
def test_no_module_waits_for_itself_however_far_back_one_looks(track):
    library = shipped()
    for module in on_track(library, track):
        seen, waiting = set(), list(prerequisites(library, module, track))
        while waiting:
            need = waiting.pop()
            assert need != module.id
            if need not in seen:
                seen.add(need)
                waiting += prerequisites(library, library.module(need), track)
