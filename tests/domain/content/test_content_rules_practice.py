"""The rules for scenarios, dialogues and calibration sets, each seen failing."""

import pytest

from coachkit.domain.content.parse import load
from tests.factories.library import changed_library, tiny_library_files
from tests.factories.slips import DIALOGUE, SAMPLE, SCENARIO, Slip, assert_told

SLIPS = [
    Slip("scenario-criteria", SCENARIO, ", trust.reliability]", "]", "criteria:"),
    Slip("scenario-criteria", SCENARIO, "trust.reliability]", "interviewing.needs]", "criteria:"),
    Slip("criterion", SCENARIO, "trust.reliability]", "trust.repair]", "criteria:"),
    Slip("world", SCENARIO, "world: a", "world: b", "world: b"),
    Slip("source", SCENARIO, "sources: [S003]", "sources: [S004]", "sources: [S004]"),
    Slip("file-name", SCENARIO, "id: rp01", "id: rp02", "id: rp02"),
    Slip(
        "points-number",
        SCENARIO,
        "  - Put their last word into your next question.\n",
        "",
        "learning_points:",
    ),
    Slip("points-length", SCENARIO, "  - Say want and need apart.", "  - " + "a " * 13, "a a a"),
    Slip("term", SCENARIO, "Find the [[need]].", "Find the [[nead]].", "[[nead]]"),
    Slip("block-place", SCENARIO, "  You are new.", "  ::: points", "::: points"),
    Slip("sentence-length", SCENARIO, "You are Amara.", "a " * 60, "partner_brief: |\n  a", warning=True),
    Slip("schema-missing", SCENARIO, "outcome: She has said it in her own words.", "", "model_good:"),
    Slip("schema-less_than_equal", SCENARIO, "difficulty: 2", "difficulty: 6", "difficulty: 6"),
    Slip("schema-extra_forbidden", SCENARIO, "role: Head of the quay", "role: Head, quay", "role: Head, quay"),
    Slip("scenario", DIALOGUE, "scenario: rp01", "scenario: rp02", "scenario: rp02"),
    Slip("dialogue-target", DIALOGUE, "start: n1", "start: n0", "start: n0"),
    Slip("dialogue-target", DIALOGUE, "        to: n1", "        to: n0", "to: n0"),
    Slip("dialogue-node", DIALOGUE, '    says: "“Papers come late.”"\n', "", "n2:"),
    Slip(
        "dialogue-choices",
        DIALOGUE,
        '      - do: "“I will come back to you once the steering group has met.”"\n'
        "        d: [-1, -1, 0]\n        misconception: rule-shield\n        thinks: So, never.\n"
        "        point: No date, no promise.\n        to: n1\n",
        "",
        'choices:\n      - do: "“Late by',
    ),
    Slip(
        "dialogue-best",
        DIALOGUE,
        "        flags: [late]\n",
        "        misconception: rule-shield\n",
        'choices:\n      - do: "“Late by',
    ),
    Slip(
        "misconception",
        DIALOGUE,
        "flags: [spec]\n        misconception: solution-first",
        "flags: [spec]\n        misconception: solution-fast",
        "solution-fast",
    ),
    Slip("dialogue-route", DIALOGUE, "      - {to: e_polite}\n", "", '- {if: "spec in'),
    Slip(
        "dialogue-route",
        DIALOGUE,
        '{if: "spec in flags and late not in flags", to: e_order}',
        "{to: e_order}",
        "{to: e_order}",
    ),
    Slip("dialogue-condition", DIALOGUE, "T >= 2", "T is high", "T is high"),
    Slip("dialogue-condition", DIALOGUE, "T >= 2", "__import__('os')", "__import__"),
    Slip("dialogue-flag", DIALOGUE, "outcome in flags and late", "cake in flags and late", "cake in flags"),
    Slip(
        "dialogue-unreached",
        DIALOGUE,
        '{if: "spec in flags and late not in flags", to: e_order}',
        '{if: "spec in flags and late not in flags", to: e_polite}',
        "e_order: {title",
    ),
    Slip("dialogue-unmet", DIALOGUE, "T >= 2", "T >= 12", "e_need: {title"),
    Slip(
        "dialogue-longest",
        DIALOGUE,
        "What should be different on the quay?",
        "What should be different on the quay, for whom, and until when would it have to be so?",
        "nodes:",
    ),
    Slip("dialogue-polite", DIALOGUE, "Thank you. I am afraid that", "Well. You see,", "nodes:", warning=True),
    Slip(
        "dialogue-endings",
        DIALOGUE,
        "  e_polite: {title: A friendly end, text: She thanks you and keeps her brochure., tone: mixed}\n",
        "",
        "endings:",
    ),
    Slip("skill", SAMPLE, "skill: interviewing", "skill: asking", "skill: asking"),
    Slip("scenario", SAMPLE, "scenario: rp01", "scenario: rp09", "scenario: rp09", warning=True),
    Slip(
        "calibration-criterion",
        SAMPLE,
        "criterion: interviewing.confirm",
        "criterion: trust.reliability",
        "criterion: trust",
    ),
    Slip(
        "calibration-criterion",
        SAMPLE,
        "criterion: interviewing.confirm",
        "criterion: interviewing.needs",
        "criterion: interviewing.needs\n    level: not",
    ),
    Slip("schema-literal_error", SAMPLE, "level: 2", "level: 6", "level: 6"),
    Slip("calibration-limit", SAMPLE, "level: 2", "level: 4", "level: 4"),
]


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_broken_rule_is_told_at_its_line(slip):
    assert_told(slip)


def test_a_play_may_repair_a_bad_start_once_and_must_not_get_stuck_afterwards():
    text = tiny_library_files()[DIALOGUE].decode()
    assert load(changed_library(DIALOGUE, text, text)).errors == ()
    stuck = text.replace("to: r1", "to: n1").replace("to: n2\n", "to: r1\n", 1)
    files = {**tiny_library_files(), DIALOGUE: stuck.encode()}
    codes = {problem.code for problem in load(files).errors}
    assert "dialogue-stuck" in codes


def test_a_node_from_which_no_ending_can_be_reached_is_refused():
    text = tiny_library_files()[DIALOGUE].decode()
    files = {**tiny_library_files(), DIALOGUE: text.replace("to: r1", "to: n2").encode()}
    found = {problem.code for problem in load(files).errors}
    assert "dialogue-dead-end" in found
