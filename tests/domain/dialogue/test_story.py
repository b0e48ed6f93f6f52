"""A dialogue never leaves its graph, and the moves alone decide where a play stands."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkit.domain.content.graph import MAX_VISITS
from coachkit.domain.content.model import Choice, Dialogue, Ending, Node, RichText, Route
from coachkit.domain.content.parse import load
from coachkit.domain.dialogue.drawing import in_words, rows, scales
from coachkit.domain.dialogue.story import (
    OffPathError,
    least_turns,
    play,
    reachable_endings,
    shuffled,
    turning_point,
)
from tests.factories.library import tiny_library_files

FLAGS = ["a", "b", "c"]
CONDITIONS = ["a in flags", "b not in flags", "T >= 1", "C < 0", "a in flags and I >= 1"]


@st.composite
def dialogues(draw) -> Dialogue:
    """Any graph at all: loops, forks into forks, nodes nobody reaches, ways that close behind one."""
    names = [f"n{number}" for number in range(draw(st.integers(1, 6)))]
    endings = [f"e{number}" for number in range(draw(st.integers(1, 3)))]
    target = st.sampled_from([*names, *endings])
    change = st.integers(-3, 3)

    def node(name: str) -> Node:
        if name != names[0] and draw(st.booleans()):
            conditions = draw(st.lists(st.sampled_from(CONDITIONS), max_size=2))
            ways = [Route(condition=condition, to=draw(target)) for condition in conditions]
            return Node(id=name, routes=(*ways, Route(to=draw(target))))
        return Node(
            id=name,
            says="“So?”",
            choices=tuple(
                Choice(
                    id=f"d-{name}-{letter}",
                    do="Ask.",
                    thinks="Well.",
                    point="Ask.",
                    d=(draw(change), draw(change), draw(change)),
                    flags=tuple(draw(st.sets(st.sampled_from(FLAGS), max_size=2))),
                    to=draw(target),
                )
                for letter in "abc"
            ),
        )

    return Dialogue(
        id="d",
        version=1,
        status="draft",
        title="Any",
        intro=RichText(markdown="x", html="<p>x</p>"),
        learning_points=("Ask.",),
        start=names[0],
        nodes=tuple(node(name) for name in names),
        endings=tuple(Ending(id=name, title="End", text="It ends.", tone="mixed") for name in endings),
        content_hash="0" * 64,
    )


def walked(dialogue: Dialogue, data) -> list[str]:
    path: list[str] = []
    while not (here := play(dialogue, path)).ended:
        path.append(data.draw(st.sampled_from(here.open)).id)
    return path


@settings(max_examples=150, deadline=None)
@given(dialogues(), st.data())
def test_a_play_never_leaves_its_graph_and_always_comes_to_rest(dialogue, data):
    path = walked(dialogue, data)
    position = play(dialogue, path)

    assert len(path) <= MAX_VISITS * len(dialogue.nodes)
    assert (position.node is None) is not (position.ending is None)
    if position.ending is not None:
        assert position.ending in dialogue.endings
    state = (0, 0, 0)
    visits: dict[str, int] = {}
    for turn in position.turns:
        assert turn.choice in dialogue.node(turn.node.id).choices
        assert turn.before == state
        state = tuple(old + new for old, new in zip(state, turn.choice.d, strict=True))
        assert turn.after == state
        visits[turn.node.id] = visits.get(turn.node.id, 0) + 1
    assert position.state == state
    assert max(visits.values(), default=0) <= MAX_VISITS


@settings(max_examples=100, deadline=None)
@given(dialogues(), st.data())
def test_a_play_from_any_earlier_turn_stands_where_the_first_one_stood(dialogue, data):
    path = walked(dialogue, data)
    turns = play(dialogue, path).turns
    for count in range(len(path)):
        earlier = play(dialogue, path[:count])
        assert earlier.turns == turns[:count]
        assert path[count] in {choice.id for choice in earlier.open}
        assert shuffled(earlier.open, 7, count) == shuffled(earlier.open, 7, count)
        assert set(shuffled(earlier.open, 7, count)) == set(earlier.open)


@settings(max_examples=100, deadline=None)
@given(dialogues(), st.data())
def test_the_endings_left_only_ever_grow_fewer(dialogue, data):
    path = walked(dialogue, data)
    left = [reachable_endings(dialogue, path[:count]) for count in range(len(path) + 1)]
    assert all(after <= before for before, after in pairwise(left))
    ending = play(dialogue, path).ending
    assert left[-1] == ({ending.id} if ending else set())
    assert least_turns(dialogue, []) <= len(path) or ending is None
    turned = turning_point(dialogue, path)
    assert turned is None or 0 <= turned < len(path)


@settings(max_examples=100, deadline=None)
@given(dialogues(), st.data())
def test_the_drawing_stays_in_its_rows_and_runs_through(dialogue, data):
    turns = play(dialogue, walked(dialogue, data)).turns
    scale = scales(turns)
    drawn = [rows(turn, scale) for turn in turns]
    for turn_rows in drawn:
        for number, row in enumerate(turn_rows):
            heights = [float(point.partition(",")[2]) for point in row.area.split()]
            assert all(number * 52 <= height <= number * 52 + 52 for height in heights)
    for before, after in pairwise(drawn):
        for left, right in zip(before, after, strict=True):
            assert left.line.split()[-1].partition(",")[2] == right.line.split()[0].partition(",")[2]


@pytest.fixture
def quay() -> Dialogue:
    return load(tiny_library_files()).library.dialogue("bd1")


@pytest.mark.parametrize("path", ["bd1-n2-a", "bd1-n1-b bd1-n1-a", "nonsense", "bd1-n1-b bd1-n2-a bd1-n1-a"])
def test_a_move_that_is_not_open_is_refused(quay, path):
    with pytest.raises(OffPathError):
        play(quay, path.split())


def test_a_fork_asks_for_what_was_done(quay):
    assert play(quay, ["bd1-n1-b", "bd1-n2-a"]).ending.id == "e_need"
    assert play(quay, ["bd1-n1-a", "bd1-n2-b"]).ending.id == "e_order"
    assert play(quay, ["bd1-n1-c", "bd1-n2-b"]).ending.id == "e_polite"


def test_a_bad_start_can_be_repaired_once_and_then_the_way_is_closed(quay):
    path = ["bd1-n1-a", "bd1-n2-c", "bd1-n1-b"]
    here = play(quay, path)
    assert here.node.id == "n2"
    assert {choice.id for choice in here.open} == {"bd1-n2-a", "bd1-n2-b"}


def test_the_talk_turned_where_most_endings_fell_away(quay):
    assert turning_point(quay, ["bd1-n1-b", "bd1-n2-a"]) == 1
    assert turning_point(quay, []) is None
    assert least_turns(quay, []) == 2


def test_the_story_is_told_in_words_too():
    assert in_words((0, 0, 0), (1, -2, 0)) == "Trust up 1, credibility down 2."
    assert in_words((1, 1, 1), (1, 1, 1)) == "Nothing moved."
