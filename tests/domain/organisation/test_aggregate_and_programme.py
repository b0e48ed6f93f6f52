"""Groups of five and more, and nothing from which a smaller one could be worked out."""

from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.organisation.aggregate import hidden
from coachkit.domain.organisation.programme import Pair, gains

tables = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), max_size=8)
SKILLS = ("trust", "comm", "analysis")
pairs = st.lists(
    st.builds(
        Pair, st.integers(1, 12), st.sampled_from(SKILLS), st.integers(1, 4), st.integers(1, 4), st.integers(3, 5)
    ),
    max_size=60,
)


@given(tables)
def test_no_shown_row_is_small_and_no_single_hidden_row_can_be_worked_out(people):
    away = hidden(people)
    assert all(people[row] >= 5 for row in people if row not in away)
    if away and len(away) < len(people):
        assert len(away) >= 2
        assert sum(people[row] for row in away) >= 5


@given(tables)
def test_where_all_rows_are_large_nothing_is_hidden(people):
    large = {row: number + 5 for row, number in people.items()}
    assert hidden(large) == frozenset()


def test_the_smallest_shown_row_goes_with_a_single_hidden_one():
    assert hidden({"a": 3, "b": 9, "c": 6}) == {"a", "c"}
    assert hidden({"a": 3, "b": 4, "c": 6}) == {"a", "b"}
    assert hidden({"a": 1, "b": 2, "c": 6, "d": 7}) == {"a", "b", "c"}


@given(pairs)
def test_what_is_shown_of_a_programme_is_made_of_five_people_at_least(found):
    shown = gains(found, SKILLS)
    for gain in (shown.together, *shown.by_skill.values()):
        assert gain is None or gain.people >= 5
    if shown.together:
        hidden_pairs = shown.together.pairs - sum(g.pairs for g in shown.by_skill.values() if g)
        hidden_rows = [s for s, g in shown.by_skill.items() if g is None and any(p.skill_id == s for p in found)]
        assert len(hidden_rows) != 1
        assert (hidden_pairs > 0) == bool(hidden_rows)


def test_a_first_try_at_the_limit_counts_as_no_gain_and_no_loss():
    found = [Pair(person, "trust", 3, 3, 3) for person in range(5)] + [Pair(1, "trust", 2, 3, 3)]
    gain = gains(found, SKILLS).by_skill["trust"]
    assert (gain.people, gain.higher, gain.same, gain.lower, gain.no_room) == (5, 1, 0, 0, 5)
