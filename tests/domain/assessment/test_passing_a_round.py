"""The pass rule, as properties that hold for every round."""

from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.assessment.licence import Compared, PassRule, outcome
from coachkit.domain.assessment.scale import Level

UNSEEN = Level(None, not_observed=True)
levels = st.integers(1, 5).map(Level)
given_levels = st.one_of(levels, st.just(UNSEEN))
pairs = st.lists(st.builds(Compared, given_levels, given_levels), min_size=1, max_size=12)
RULE = PassRule()


@given(st.lists(given_levels, min_size=1, max_size=12))
def test_whoever_gives_what_the_references_say_passes_any_rule(references):
    assert outcome([Compared(level, level) for level in references], PassRule(100, 0.0)).passed


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_the_samples_does_not_matter(given_pairs, dice):
    mixed = given_pairs[:]
    dice.shuffle(mixed)
    assert outcome(mixed, RULE) == outcome(given_pairs, RULE)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.booleans())
def test_a_steady_level_above_or_below_never_passes(references, above):
    shifted = [(Level(n + 1), Level(n)) if above else (Level(n), Level(n + 1)) for n in references]
    found = outcome([Compared(own, reference) for own, reference in shifted], RULE)
    assert found.near_enough
    assert not found.passed


@given(pairs)
def test_what_was_not_observed_never_counts_as_a_level(given_pairs):
    seen = [p for p in given_pairs if p.own.value is not None and p.reference.value is not None]
    assert outcome(given_pairs, RULE).lean == (outcome(seen, RULE).lean if seen else None)
    for pair in given_pairs:
        if (pair.own.value is None) != (pair.reference.value is None):
            assert not pair.within


@given(pairs, st.integers(0, 100), st.floats(0, 4), st.integers(0, 100), st.floats(0, 4))
def test_a_softer_rule_passes_whoever_passes_a_harder_one(given_pairs, percent, lean, less, more):
    if outcome(given_pairs, PassRule(percent, lean)).passed:
        assert outcome(given_pairs, PassRule(min(percent, less), max(lean, more))).passed


@given(pairs)
def test_leaning_up_and_leaning_down_are_judged_alike(given_pairs):
    turned = [
        Compared(*(Level(6 - side.value) if side.value else side for side in (pair.own, pair.reference)))
        for pair in given_pairs
    ]
    assert outcome(turned, RULE).passed == outcome(given_pairs, RULE).passed


def test_four_in_five_and_half_a_level_are_enough_and_less_is_not():
    def found(*differences):
        return outcome([Compared(Level(3 + d), Level(3)) for d in differences], RULE)

    assert found(2, 0, 0, 0, 0).passed
    assert not found(2, -2, 0, 0, 0).near_enough
    assert found(1, 0).passed
    assert not found(1, 1, 0).level_enough
    assert not outcome([], RULE).passed
