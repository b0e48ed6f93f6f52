"""The programme in counts: nobody can be recognised by what is counted, nor by what is left."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coachkit.domain.report.programme import ALL_BUT_A_FEW, FEW, LEAST, Taking, people, sections

PLAIN = Taking(frozenset(), (), frozenset(), 0, frozenset(), 0, 0)
SKILLS = ("Interviewing", "Trust")
MODULES = ("Needs", "Trust")


def told(*learners, coaches=3):
    return sections(learners, modules=MODULES, skills=SKILLS, coaches=coaches)


def part(found, title):
    return next(section for section in found if section.title == title)


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_count_is_given_only_where_it_and_what_is_left_are_large_enough(number, more):
    said = people(number, number + more)
    if said.isdigit():
        assert number >= LEAST
        assert more == 0 or more >= LEAST
    else:
        assert said in {FEW, ALL_BUT_A_FEW, "nobody"}


def test_of_fewer_than_five_people_nothing_is_counted():
    (only,) = told(*[PLAIN] * 4)
    assert (only.facts, only.rows) == ((), ())
    assert "Nothing is counted" in only.note
    assert len(told(*[PLAIN] * 5)) > 1


def test_levels_that_fewer_than_five_people_have_are_left_out():
    common = replace(PLAIN, ratings=(("Interviewing", 3),), attempts=1, scenarios=frozenset({"rp04"}))
    odd = replace(common, ratings=(("Interviewing", 3), ("Interviewing", 1), ("Interviewing", 1)))
    rows = part(told(*[common] * 6, odd), "What coaches saw").rows
    assert rows[0].cells == ("Interviewing", "7", "–", "–", "7", "–", "–")
    assert rows[1].cells == ("Trust", "nobody", "–", "–", "–", "–", "–")


def test_what_few_have_learned_and_what_all_but_a_few_have_is_said_in_words():
    done = replace(PLAIN, modules=frozenset({"Needs"}))
    assert [row.cells[1] for row in part(told(*[done] * 9, *[PLAIN] * 2), "What was learned").rows] == [
        ALL_BUT_A_FEW,
        "nobody",
    ]
    assert part(told(*[done] * 3, *[PLAIN] * 9), "What was learned").rows[0].cells[1] == FEW
    assert part(told(*[done] * 6, *[PLAIN] * 6), "What was learned").rows[0].cells[1] == "6"


def test_only_criteria_that_five_people_work_on_are_named():
    common, rare = replace(PLAIN, focus=frozenset({"Listening"})), replace(PLAIN, focus=frozenset({"Silence"}))
    found = part(told(*[common] * 6, *[rare] * 4), "What people work on")
    assert [row.cells[0] for row in found.rows] == ["Listening"]


@given(st.lists(st.integers(0, 3), min_size=5, max_size=14))
def test_every_number_of_people_that_is_printed_is_large_enough(attempts):
    learners = [replace(PLAIN, attempts=n, scenarios=frozenset({"rp04"} if n else ())) for n in attempts]
    for fact in part(told(*learners), "What was practised").facts:
        if fact.label.startswith("People") and re.fullmatch(r"\d+", fact.text):
            assert int(fact.text) >= LEAST
