"""Blocks of learners: small enough to stay in the processor's cache, swept one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from coachkit.domain.measurement.likelihood import (
    RatingGroup,
    bounded,
    node_spread,
    rating_group,
    step_moments,
)
from coachkit.domain.measurement.table import Floats, Ints, Layout, RatingTable, sum_by

BLOCK_RATINGS = 12_000


@dataclass(frozen=True)
class Sweep:
    """What one block's ratings say at one point: value, slopes and curvature, gathered by parameter."""

    log_likelihood: float
    theta_slope: Floats  # per attempt
    deviation_slope: Floats  # (learners, skills)
    shared_slope: Floats  # per coupled shared parameter
    information: Floats  # per attempt
    look_information: Floats  # (attempts, skills)
    cell_coupling: sp.csr_matrix  # (cells, coupled): how each coach's look pulls on the shared parameters
    shared_information: Floats  # (coupled, coupled)


class Block:
    """Some learners' ratings, arranged for sweeping.

    A cell is one coach's look at one attempt, per skill. Rows are sorted by ceiling and criterion, so that
    steps can be summed by slices.
    """

    def __init__(self, table: RatingTable, layout: Layout, learners: slice, attempts: slice, rows: Ints) -> None:
        self.layout = layout
        self.learners, self.attempts = learners, attempts
        self.n_learners = learners.stop - learners.start
        self.n_attempts = attempts.stop - attempts.start
        self.n_skills = max(layout.n_deviating_skills, 1)
        self.learner = table.attempt_learner[attempts] - learners.start
        self.time = table.attempt_time[attempts]
        self.design = np.column_stack([np.ones(self.n_attempts), self.time])[:, : layout.features.n_growth]
        self._arrange_rows(table, rows)
        self._arrange_cells(table)
        self._place_coupling()
        self._count_reached()
        self.to_learner = _sums(self.learner, self.n_learners)
        self.seen_deviations = np.zeros((self.n_learners, self.n_skills), dtype=bool)
        self.seen_deviations.ravel()[self.cell_deviation] = True

    def _arrange_rows(self, table: RatingTable, rows: Ints) -> None:
        order = np.lexsort((table.coach[rows], table.attempt[rows], table.criterion[rows], table.ceiling[rows]))
        rows = rows[order]
        self.rows = rows
        self.criterion = table.criterion[rows]
        level, ceiling = table.level[rows], table.ceiling[rows]
        self.groups: list[RatingGroup] = []
        edges = np.flatnonzero(np.diff(ceiling, prepend=-1)).tolist() if len(rows) else []
        for start, stop in pairwise([*edges, len(rows)]):
            part = slice(start, stop)
            self.groups.append(
                rating_group(part, int(ceiling[start]), table.n_steps, level[part], self.criterion[part])
            )

    def _arrange_cells(self, table: RatingTable) -> None:
        attempt = table.attempt[self.rows] - self.attempts.start
        coach = table.coach[self.rows]
        skill = table.criterion_skill[self.criterion] if self.layout.n_deviating_skills else np.zeros_like(coach)
        key = (attempt * max(table.n_coaches, 1) + coach) * self.n_skills + skill
        cells, self.row_cell = np.unique(key, return_inverse=True)
        self.cell_skill = cells % self.n_skills
        pair = cells // self.n_skills
        self.cell_attempt, self.cell_coach = pair // max(table.n_coaches, 1), pair % max(table.n_coaches, 1)
        self.n_cells = len(cells)
        self.cell_look = self.cell_attempt * self.n_skills + self.cell_skill
        self.row_look = self.cell_look[self.row_cell]
        scenario, calendar = table.attempt_scenario[self.attempts], table.attempt_calendar[self.attempts]
        self.cell_scenario, self.cell_calendar = scenario[self.cell_attempt], calendar[self.cell_attempt]
        self.seen_looks = np.divmod(np.unique(self.cell_look), self.n_skills)
        self.outer = self._outer_design()
        self.to_attempt = _sums(self.cell_attempt, self.n_attempts)
        self.cell_deviation = self.learner[self.cell_attempt] * self.n_skills + self.cell_skill
        self.to_deviation = _sums(self.cell_deviation, self.n_learners * self.n_skills)

    def _outer_design(self) -> sp.csr_matrix:
        layout, number = self.layout, np.arange(self.n_cells)
        columns = [layout.coach.start + self.cell_coach, layout.scenario.start + self.cell_scenario]
        values = [np.full(self.n_cells, -1.0), np.full(self.n_cells, -1.0)]
        if layout.features.drift:
            columns.append(layout.drift.start + self.cell_coach)
            values.append(-self.cell_calendar)
        where = (np.tile(number, len(columns)), np.concatenate(columns))
        return sp.csr_matrix((np.concatenate(values), where), shape=(self.n_cells, layout.n_outer))

    def _place_coupling(self) -> None:
        """Where a look's pulls stand: it touches one coach and one scenario, a few criteria, and the steps."""
        layout, number = self.layout, np.arange(self.n_cells)
        columns = [layout.coach.start + self.cell_coach, layout.scenario.start + self.cell_scenario]
        if layout.features.drift:
            columns.append(layout.drift.start + self.cell_coach)
        columns += [np.full(self.n_cells, layout.steps.start + m) for m in range(layout.n_steps)]
        rows = [number] * len(columns) + [self.row_cell]
        columns.append(layout.criterion.start + self.criterion)
        if layout.features.partial_credit:
            own = layout.deviations.start + self.criterion * layout.n_steps
            columns += [own + m for m in range(layout.n_steps)]
            rows += [self.row_cell] * layout.n_steps
        row, column = np.concatenate(rows), np.concatenate(columns)
        self.coupling_order = np.lexsort((column, row))
        self.coupling_columns = column[self.coupling_order]
        self.coupling_ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=self.n_cells))])

    def _count_reached(self) -> None:
        """Sums of what was observed; the part of the log-likelihood that is linear needs nothing else."""
        layout = self.layout
        seen = np.zeros((layout.n_steps, len(self.rows)))
        for group in self.groups:
            seen[:, group.rows] = group.reached
            if group.ceiling < layout.n_steps:
                seen[:, group.rows.start + group.hit] = 0.0
        self.cell_level = sum_by(self.row_cell, seen.sum(axis=0), self.n_cells)
        self.reached = _by_criterion(self.criterion, seen, layout.n_criteria)

    def weighted_to_learner(self, weights: Floats) -> sp.csr_matrix:
        """Sum attempts by learner, each with its weight."""
        plain = self.to_learner
        return sp.csr_matrix((weights, plain.indices, plain.indptr), shape=plain.shape)

    def looks(self, theta: Floats, local: Floats) -> Floats:
        """The measure behind each (attempt, skill): the attempt's, plus the learner's skill deviation."""
        deviation = local[:, self.layout.features.n_growth :]
        if not deviation.shape[1]:
            return theta[:, None]
        looks: Floats = theta[:, None] + deviation[self.learner]
        return looks

    def sweep(self, theta: Floats, local: Floats, shared: Floats, look_variance: Floats | None) -> Sweep:
        """One pass over the block's ratings."""
        layout = self.layout
        steps = layout.steps_by_criterion(shared) + shared[layout.criterion][:, None]
        place = self.looks(theta, local).ravel()[self.cell_look] + self.outer @ shared[: layout.n_outer]
        linear = float(place @ self.cell_level - np.vdot(steps, self.reached))
        place = bounded(place)
        odds = np.exp(place)[self.row_cell]
        step_odds = np.exp(-bounded(steps)).T
        spread = None if look_variance is None else node_spread(look_variance.ravel())[self.row_look]
        return self._gather(linear, odds, step_odds, spread)

    def _gather(self, linear: float, odds: Floats, step_odds: Floats, spread: Floats | None) -> Sweep:
        layout, n_rows, n_steps = self.layout, len(self.rows), self.layout.n_steps
        by_criterion = layout.features.partial_credit
        residual, curvature = np.empty((n_steps, n_rows)), np.empty((n_steps, n_rows))
        pair = np.zeros((layout.n_criteria if by_criterion else 1, n_steps, n_steps))
        value = linear
        for group in self.groups:
            rows, criterion = group.rows, self.criterion[group.rows]
            found = step_moments(
                group,
                odds[rows],
                np.take(step_odds, criterion, axis=1),
                None if spread is None else spread[rows],
                per_segment=by_criterion,
            )
            value += found.log_likelihood
            residual[:, rows], curvature[:, rows] = found.residual, found.curvature
            if by_criterion:
                pair[criterion[group.starts]] += found.pair_information
            elif len(found.pair_information):
                pair[0] += found.pair_information[0]
        return self._collect(value, residual, curvature, pair)

    def _collect(self, value: float, residual: Floats, curvature: Floats, pair: Floats) -> Sweep:
        n_looks = self.n_attempts * self.n_skills
        cell_residual = sum_by(self.row_cell, residual.sum(axis=0), self.n_cells)
        row_information = curvature.sum(axis=0)
        cell_information = sum_by(self.row_cell, row_information, self.n_cells)
        looks = sum_by(self.cell_look, cell_information, n_looks).reshape(self.n_attempts, self.n_skills)
        deviation_slope = sum_by(self.cell_deviation, cell_residual, self.n_learners * self.n_skills)
        coupling = self._couple(cell_information, row_information, curvature)
        return Sweep(
            log_likelihood=value,
            theta_slope=sum_by(self.cell_attempt, cell_residual, self.n_attempts),
            deviation_slope=deviation_slope.reshape(self.n_learners, self.n_skills),
            shared_slope=self._shared_slope(cell_residual, residual),
            information=looks.sum(axis=1),
            look_information=looks,
            cell_coupling=coupling,
            shared_information=self._among_shared(coupling, row_information, curvature, pair),
        )

    def _couple(self, cell_information: Floats, row_information: Floats, curvature: Floats) -> sp.csr_matrix:
        values = [cell_information, cell_information]
        if self.layout.features.drift:
            values.append(cell_information * self.cell_calendar)
        values += [sum_by(self.row_cell, own, self.n_cells) for own in curvature]
        values.append(row_information)
        if self.layout.features.partial_credit:
            values += list(curvature)
        placed = -np.concatenate(values)[self.coupling_order]
        shape = (self.n_cells, self.layout.n_coupled)
        return sp.csr_matrix((placed, self.coupling_columns, self.coupling_ends), shape=shape)

    def _among_shared(
        self, coupling: sp.csr_matrix, row_information: Floats, curvature: Floats, pair: Floats
    ) -> Floats:
        """Information among the shared parameters, before anything is eliminated."""
        layout, n_steps, n_criteria = self.layout, self.layout.n_steps, self.layout.n_criteria
        among = np.zeros((layout.n_coupled, layout.n_coupled))
        among[: layout.n_outer] = (self.outer.T @ coupling).toarray()
        among[layout.n_outer :, : layout.n_outer] = among[: layout.n_outer, layout.n_outer :].T
        number = np.arange(n_criteria)
        total = sum_by(self.criterion, row_information, n_criteria)
        among[layout.criterion.start + number, layout.criterion.start + number] = total
        with_steps = _by_criterion(self.criterion, curvature, n_criteria)
        among[layout.criterion, layout.steps] = with_steps
        among[layout.steps, layout.criterion] = with_steps.T
        among[layout.steps, layout.steps] = pair.sum(axis=0)
        if layout.features.partial_credit:
            for i in range(n_criteria):
                own = slice(layout.deviations.start + i * n_steps, layout.deviations.start + (i + 1) * n_steps)
                among[layout.criterion.start + i, own] = with_steps[i]
                among[own, layout.criterion.start + i] = with_steps[i]
                among[layout.steps, own] = among[own, layout.steps] = pair[i]
                among[own, own] = pair[i]
        return among

    def _shared_slope(self, cell_residual: Floats, residual: Floats) -> Floats:
        layout = self.layout
        slope = np.zeros(layout.n_coupled)
        slope[: layout.n_outer] = self.outer.T @ cell_residual
        by_criterion = -_by_criterion(self.criterion, residual, layout.n_criteria)
        slope[layout.criterion] = by_criterion.sum(axis=1)
        slope[layout.steps] = by_criterion.sum(axis=0)
        if layout.features.partial_credit:
            slope[layout.deviations] = by_criterion.ravel()
        return slope


def _sums(group: Ints, n_groups: int) -> sp.csr_matrix:
    """A matrix that sums entries by group."""
    n = len(group)
    return sp.csr_matrix((np.ones(n), (group, np.arange(n))), shape=(n_groups, n))


def _by_criterion(criterion: Ints, values: Floats, n_criteria: int) -> Floats:
    """Sum (steps, n) values by criterion into (criteria, steps)."""
    if not len(values):
        return np.zeros((n_criteria, 0))
    return np.column_stack([sum_by(criterion, row, n_criteria) for row in values])


def blocks_of(table: RatingTable, layout: Layout, size: int = BLOCK_RATINGS) -> list[Block]:
    """Cut a table into blocks of about `size` ratings; every learner is in one, also one without ratings."""
    order = np.argsort(table.attempt, kind="stable")
    row_learner = table.attempt_learner[table.attempt[order]]
    per_learner = np.bincount(row_learner, minlength=table.n_learners)
    before = np.concatenate([[0], np.cumsum(per_learner)])
    cuts = np.searchsorted(before, np.arange(size, before[-1], size))
    edges = np.unique(np.concatenate([[0], cuts, [table.n_learners]])).tolist()
    blocks = []
    for start, stop in pairwise(edges):
        attempts = np.searchsorted(table.attempt_learner, [start, stop])
        rows = order[before[start] : before[stop]]
        blocks.append(Block(table, layout, slice(start, stop), slice(int(attempts[0]), int(attempts[1])), rows))
    return blocks
