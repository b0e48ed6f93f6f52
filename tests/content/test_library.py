"""What the shipped library promises: whole, without exceptions, and no give-away."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from coachkit.cli_content import counted
from coachkit.domain.content.model import Library
from tests.content.elements import PROJECT

AT_LEAST = {
    "modules": 17,
    "scenarios": 28,
    "dialogues": 10,
    "quiz_items": 135,
    "criteria": 46,
    "anchors": 230,
    "calibration_sets": 26,
}
REAL_PEOPLE = "Bakolia|Cecere|Hightower|Kuhn|Layh|Shea|Symons|Tillmann|Wertz"
"""Who is quoted in the articles; nobody in a role-play is called so."""
PLANNED = {
    "rp01": "strategic.boundary comm.tone interviewing.listen trust.reliability",
    "rp02": "credibility.business credibility.it-knowledge persuasion.resistance trust.benevolence"
    " credibility.calibration trust.confidence",
    "rp03": "trust.repair comm.tone trust.integrity comm.expectations interviewing.listen",
    "rp04": "interviewing.needs interviewing.questions interviewing.confirm analysis.frame",
    "rp05": "comm.translate-out trust.benevolence comm.expectations interviewing.listen advocacy.balance",
    "rp06": "portfolio.compare portfolio.capacity portfolio.decline persuasion.interests presenting.message"
    " analysis.evidence",
    "rp07": "budget.costs budget.value budget.process comm.translate-out credibility.calibration"
    " credibility.it-knowledge",
    "rp08": "advocacy.business-in-it advocacy.balance trust.integrity comm.translate-in persuasion.case",
    "rp09": "strategic.timing trust.benevolence interviewing.questions persuasion.resistance comm.expectations"
    " credibility.business",
    "rp10": "comm.tone trust.benevolence trust.reliability comm.translate-out advocacy.it-in-business trust.repair",
    "rp11": "trust.integrity comm.tone comm.expectations advocacy.it-in-business comm.writing portfolio.decline",
    "rp12": "strategic.timing trust.integrity persuasion.interests portfolio.capacity comm.tone interviewing.needs",
    "rp13": "comm.expectations trust.reliability trust.integrity credibility.calibration comm.writing"
    " interviewing.confirm",
    "rp14": "presenting.message presenting.audience comm.tone interviewing.listen strategic.boundary"
    " analysis.synthesis",
    "rp15": "trust.benevolence credibility.record persuasion.resistance interviewing.prepare",
    "rp16": "advocacy.balance trust.confidence trust.integrity persuasion.ethics comm.tone",
    "rp17": "presenting.message presenting.evidence presenting.questions presenting.audience trust.integrity"
    " credibility.record",
    "rp18": "interviewing.prepare interviewing.questions analysis.frame analysis.evidence comm.translate-in"
    " advocacy.business-in-it",
    "rp19": "comm.translate-out credibility.calibration interviewing.listen comm.translate-in",
    "rp20": "persuasion.ethics persuasion.case advocacy.balance trust.integrity presenting.questions"
    " analysis.synthesis",
    "rp21": "presenting.message presenting.audience presenting.evidence comm.writing",
    "rp22": "persuasion.interests persuasion.case persuasion.resistance comm.tone portfolio.decline",
}
"""Which role-play lets which criteria be seen: the plan that the programme was drawn up with."""


def cast_of(library: Library) -> list[tuple[str, str]]:
    """Everybody whom a partner plays: name and first words of the role."""
    people = []
    for scenario in library.scenarios:
        for form in (scenario.stakeholder, scenario.parallel_form.stakeholder):
            names = form.name.split(", then ")
            roles = form.role.split(", then ") if len(names) > 1 else [form.role]
            people += zip(names, roles, strict=True)
    return people


def test_the_shipped_library_has_no_error_and_no_warning(loaded):
    assert [str(problem) for problem in loaded.problems] == []


@pytest.mark.parametrize("what", AT_LEAST)
def test_there_is_as_much_as_was_promised(shipped, what):
    assert counted(shipped)[what] >= AT_LEAST[what]


def test_every_criterion_has_its_five_anchors(shipped):
    assert {len(criterion.anchors) for criterion in shipped.criteria} == {5}


def test_the_rules_make_no_exception_for_anything_shipped(shipped):
    ids = {thing.id for thing in (*shipped.modules, *shipped.scenarios, *shipped.dialogues, *shipped.criteria)}
    ids |= {item.id for module in shipped.modules for item in module.quiz}
    ids |= {calibration.id for calibration in shipped.calibration_sets}
    for path in (PROJECT / "coachkit/domain/content").glob("*.py"):
        assert not ids & set(re.findall(r"""["']([^"'\n]+)["']""", path.read_text("utf-8"))), path.name
    left_aside = [path.name for path in (PROJECT / "content").rglob("*") if re.search("ignore|except|allow", path.name)]
    assert left_aside == []


def test_nobody_in_a_role_play_is_a_real_person(shipped):
    for scenario in shipped.scenarios:
        assert not re.findall(rf"\b(?:{REAL_PEOPLE})\b", scenario.model_dump_json()), scenario.id


def test_a_name_means_one_person(shipped):
    posts = defaultdict(set)
    for name, role in cast_of(shipped):
        posts[name].add(role)
    assert {name: roles for name, roles in posts.items() if len(roles) > 1} == {}


def test_people_who_are_played_are_not_mixed_up_by_their_first_or_last_names(shipped):
    names = [name.removeprefix("Dr ").split() for name in {name for name, _ in cast_of(shipped)}]
    for part in (0, -1):
        assert [name for name, times in Counter(name[part] for name in names).items() if times > 1] == []


@pytest.mark.parametrize("scenario_id", PLANNED)
def test_each_planned_role_play_lets_its_criteria_be_seen(shipped, scenario_id):
    assert set(PLANNED[scenario_id].split()) <= set(shipped.scenario(scenario_id).criteria)


def test_what_can_only_be_rated_live_is_met_twice_and_in_two_worlds(shipped):
    worlds = defaultdict(set)
    for scenario in shipped.scenarios:
        for criterion_id in scenario.criteria:
            worlds[criterion_id].add(scenario.world)
    live_only = [criterion.id for criterion in shipped.criteria if {str(way) for way in criterion.rated_on} == {"live"}]
    assert len(live_only) > 15
    assert [criterion_id for criterion_id in live_only if len(worlds[criterion_id]) < 2] == []


def test_whatever_role_plays_show_at_all_they_show_twice(shipped):
    times = Counter(criterion_id for scenario in shipped.scenarios for criterion_id in scenario.criteria)
    assert [criterion_id for criterion_id, n in times.items() if n < 2] == []


def test_in_each_dialogue_the_best_choice_is_the_longest_at_a_third_of_the_turns_at_most(shipped):
    for dialogue in shipped.dialogues:
        turns = [node.choices for node in dialogue.nodes if node.choices]
        longest = [max(choices, key=lambda choice: len(choice.do)) for choices in turns]
        assert 3 * sum(choice.misconception is None for choice in longest) <= len(turns), dialogue.id


def test_in_the_quizzes_the_key_is_the_longest_in_a_third_of_the_items_at_most(shipped):
    items = [item for module in shipped.modules for item in module.quiz]
    longest = 0
    for item in items:
        key = next(len(option.text) for option in item.options if option.key)
        longest += all(len(option.text) < key for option in item.options if not option.key)
    assert 3 * longest <= len(items)


def test_every_skill_has_three_calibration_sets_and_among_them_every_level_that_their_scenarios_can_show(shipped):
    """The seven skills; each of the five competencies of the role has one set."""
    sets = {skill.id: [one for one in shipped.calibration_sets if one.skill == skill.id] for skill in shipped.skills}
    of_the_role = {"advocacy", "budget", "business", "portfolio", "strategic"}
    assert {skill: len(own) for skill, own in sets.items() if len(own) < 3} == dict.fromkeys(of_the_role, 1)
    for skill, own in sets.items():
        highest = max((shipped.scenario(one.scenario).limit for one in own), default=0)
        seen = {rating.level for one in own for rating in one.reference}
        assert len(own) < 3 or set(range(1, highest + 1)) <= seen, skill


def test_every_level_of_every_criterion_has_a_written_behaviour_for_coaches_in_training(shipped):
    """Short, spoken or done, never the anchor again, and without naming a level."""
    seen = set()
    for skill in shipped.skills:
        for criterion in skill.criteria:
            assert sorted(criterion.examples) == [1, 2, 3, 4, 5], criterion.id
            for level, example in criterion.examples.items():
                assert example not in criterion.anchors.values()
                assert not re.search(r"\blevels?\b", example), (criterion.id, level)
                assert len(example.split()) <= 32, (criterion.id, level)
                assert not re.search(rf"\b(?:{REAL_PEOPLE})\b", example), criterion.id
                seen.add(example)
    assert len(seen) == 5 * sum(len(skill.criteria) for skill in shipped.skills)
