"""Static data with any facets give what an independent program gives for the same data."""

from __future__ import annotations

import numpy as np
import pytest

from coachkit.domain.measurement.simulate import draw_levels
from coachkit.domain.measurement.static import StaticFit, fit_static

POLYTOMOUS = (-1.5, -0.4, 0.4, 1.5)


def answers(steps: tuple[float, ...], persons: int = 1500, items: int = 8) -> np.ndarray:
    rng = np.random.default_rng(77)
    difficulty, ability = np.linspace(-1.2, 1.2, items), rng.normal(0.2, 1.1, persons)
    place = (ability[:, None] - difficulty[None, :]).ravel()
    return draw_levels(rng, place, np.array(steps)).reshape(persons, items)


def fitted(levels: np.ndarray, **more: object) -> StaticFit:
    person, item = np.indices(levels.shape)
    facets = {"person": [f"p{k:04d}" for k in person.ravel()], "item": [f"i{k}" for k in item.ravel()]}
    return fit_static(levels.ravel(), facets, person="person", **more)


@pytest.mark.parametrize(
    ("steps", "independent"),
    [
        ((0.0,), [-1.3743, -0.9271, -0.5425, -0.0785, 0.2967, 0.4928, 0.8495, 1.2833]),
        (POLYTOMOUS, [-1.2714, -0.8791, -0.4684, -0.1534, 0.1981, 0.5062, 0.8677, 1.2002]),
    ],
    ids=["right or wrong", "five levels"],
)
def test_item_difficulties_agree_with_a_conditional_estimator(
    steps: tuple[float, ...], independent: list[float]
) -> None:
    """The stored values come from RaschPy 1.4 on exactly these data."""
    found = [value for value, _ in fitted(answers(steps)).facets["item"].values()]
    assert np.sqrt(np.mean((np.array(found) - independent) ** 2)) < 0.025
    assert np.corrcoef(found, independent)[0, 1] > 0.9995


def test_steps_and_population_are_recovered() -> None:
    found = fitted(answers(POLYTOMOUS))
    assert found.steps == pytest.approx(POLYTOMOUS, abs=0.06)
    assert found.person_sd == pytest.approx(1.1, abs=0.06)
    assert found.person_mean == pytest.approx(0.2, abs=0.07)
    assert found.rounds < 25, "Newton's steps must be Newton's"


def test_a_third_facet_is_told_apart() -> None:
    rng = np.random.default_rng(3)
    person, item, rater = (
        np.repeat(np.arange(300), 8),
        np.tile(np.arange(4), 600),
        np.tile([0, 0, 0, 0, 1, 1, 1, 1], 300),
    )
    place = rng.normal(0, 1, 300)[person] - np.array([-0.6, -0.2, 0.2, 0.6])[item] - np.array([-0.5, 0.5])[rater]
    level = draw_levels(rng, place, np.array(POLYTOMOUS))
    facets = {"person": [str(k) for k in person], "item": [str(k) for k in item], "rater": [str(k) for k in rater]}
    found = fit_static(level, facets, person="person", prior_sd=1.0).facets["rater"]
    value, error = found["1"]
    assert value == pytest.approx(0.5, abs=3 * error)
    assert error < 0.06
    assert found["0"][0] == pytest.approx(-value)


def test_persons_with_everything_right_stay_finite() -> None:
    levels = np.vstack([answers((0.0,), persons=50), np.ones((2, 8), dtype=int), np.zeros((2, 8), dtype=int)])
    found = fitted(levels)
    values = np.array(list(found.persons.values()))
    assert np.isfinite(values).all()
    assert found.persons["p0050"][0] == found.persons["p0051"][0] > found.persons["p0052"][0]


def test_what_cannot_be_fitted_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="no facet called person"):
        fit_static([0, 1], {"item": ["a", "b"]}, person="person")
    with pytest.raises(ValueError, match="one entry per rating"):
        fit_static([0, 1], {"person": ["a"]}, person="person")
    with pytest.raises(ValueError, match="outside the scale"):
        fit_static([0, 5], {"person": ["a", "b"]}, person="person", n_levels=5)
