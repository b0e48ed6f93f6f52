"""A repeated submit finds the answer to the first one, and only its own."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from coachkit.platform import clock, idempotency
from coachkit.platform.idempotency import SubmitKey

KEY = "k" * 22


@pytest.fixture
def kept(session, cast):
    idempotency.remember(session, KEY, cast.ana, "practice.submit", "/practice/1")
    return session


def test_the_first_answer_is_found_again(kept, cast):
    assert idempotency.answered(kept, KEY, cast.ana, "practice.submit") == "/practice/1"


def test_nobody_finds_another_person_s_answer(kept, cast):
    assert idempotency.answered(kept, KEY, cast.dan, "practice.submit") is None


def test_a_key_counts_for_its_own_form_only(kept, cast):
    assert idempotency.answered(kept, KEY, cast.ana, "practice.start") is None


def test_of_two_twins_at_once_one_fails(kept, cast):
    kept.expunge_all()
    with pytest.raises(IntegrityError):
        idempotency.remember(kept, KEY, cast.ana, "practice.submit", "/practice/2")


def test_old_keys_are_forgotten(kept, cast):
    idempotency.forget_old(kept)
    assert kept.scalar(select(SubmitKey.key)) == KEY
    with clock.shifted(idempotency.KEEP + timedelta(days=1)):
        idempotency.forget_old(kept)
    assert kept.scalar(select(SubmitKey.key)) is None


@pytest.mark.one_database
def test_keys_differ():
    assert len({idempotency.new_key() for _ in range(100)}) == 100
