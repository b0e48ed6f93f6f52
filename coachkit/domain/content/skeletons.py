"""Beginnings for authors: files that are sound in form, with a TODO wherever an author has to say something."""

from coachkit.domain.content.model import Library


class NothingToBuildOnError(ValueError):
    """The library lacks what the new thing would refer to; the sentence is for the author."""


_FRONT = """\
---
id: {id}
title: TODO a title that says what one will be able to do
summary: TODO what somebody gets from this module, in one sentence.
level: core                     # foundation | core | advanced
tracks: [it, business]
minutes: 40                     # reading at 200 words a minute + 1 per quiz item + practice_minutes; within 10 %
practice_minutes: 30            # the three tasks together
prerequisites: []
outcomes:
  - TODO begin with a verb and say what somebody can do afterwards.
criteria: []
sources: []
version: 1
status: draft
files: []
---
"""
_SECTIONS = """
## TODO a moment at work that everybody knows {#why-it-matters}

TODO tell the moment: who wants what, what is said, what goes wrong. Keep sentences short.

## TODO what is known {#key-facts}

TODO three or four facts, each with its source in the form that the format page shows.

## TODO two versions of one talk {#worked-example}

::: script poor "TODO what goes wrong in the first version"
Anna: TODO what she says first.
You: TODO an answer that many would give.
> TODO why it does not help.
= TODO how this talk ends.
:::

::: script good "TODO what is different in the second version"
Anna: TODO what she says first.
You: TODO the answer that this module teaches.
> TODO what it does.
= TODO how this talk ends.
:::

## TODO the rules to carry away {#learning-points}

::: points
TODO a first rule of at most twelve words.
TODO a second rule.
TODO a third rule.
:::

## TODO where it goes wrong {#common-mistakes}

- TODO what people do instead, and what follows.
- TODO another mistake.

## TODO your turn {#practice}

::: task solo 10 "TODO a task for one alone"
TODO what to write or to prepare.
:::

::: task partner 10 "TODO a task for two"
TODO what to play, and when to change places.
:::

::: task work 10 "TODO a task at work"
TODO what to try out this week, and with whom.
:::

## TODO where to read on {#further-reading}

TODO what to read, and why.
"""
_ITEM = """\
- id: {id}-q{number}
  version: 1
  stem: "TODO question {number}, somebody says something. What do you say?"
  options:
"""
_KEY = """\
    - text: "TODO the answer that this module teaches, item {number}"
      key: true
      feedback: "TODO what follows from it, and why that helps."
"""
_WRONG = """\
    - text: "TODO {which} tempting answer out of a belief, item {number}"
      misconception: {belief}
      feedback: "TODO what follows from it in the {which} case."
"""
_CARDS = """\
- id: {id}-c1
  question: TODO a question that one sentence answers
  answer: TODO the sentence.
"""
ITEMS = 9


def module_files(library: Library, module_id: str, slug: str) -> dict[str, str]:
    """A module's folder, with a quiz on beliefs that the library knows."""
    first, second = _beliefs(library)
    quiz = []
    for number in range(1, ITEMS + 1):
        options = [
            _KEY.format(number=number),
            _WRONG.format(number=number, which="first", belief=first),
            _WRONG.format(number=number, which="other", belief=second),
        ]
        turn = number % 3
        quiz.append(_ITEM.format(id=module_id, number=number) + "".join(options[turn:] + options[:turn]))
    return {
        f"modules/{slug}/module.md": _FRONT.format(id=module_id) + _SECTIONS,
        f"modules/{slug}/quiz.yaml": "".join(quiz),
        f"modules/{slug}/cards.yaml": _CARDS.format(id=module_id),
    }


_SCENARIO = """\
id: {id}
version: 1
status: draft
title: TODO a title that gives nothing away
world: {world}
summary: TODO one sentence that the learner may see.
difficulty: 2                   # 1-5; the highest level it can show is 3 for 1-2, 4 for 3, 5 for 4-5
minutes: {{prepare: 5, play: 15, debrief: 15}}
criteria:                       # four to six
{criteria}
stakeholder: {{name: TODO a name, role: TODO a role, unit: TODO a unit}}
learner_brief: |
  TODO what the learner knows, and what he wants from this talk.
partner_brief: |
  TODO what only you know, what moves you, and how you begin.
wants: [TODO what the stakeholder is after]
fears: [TODO what the stakeholder wants to avoid]
facts:
  - {{fact: TODO something the partner knows., unlock: TODO what the learner has to ask for it}}
turning_points:
  - {{when: TODO something the learner does, then: TODO what changes}}
learning_points:
  - TODO a first rule of at most twelve words.
  - TODO a second rule.
  - TODO a third rule.
critical_moment: TODO the two minutes in which this talk is decided.
model_poor:
  title: TODO what goes wrong
  lines:
    - {{who: Anna, says: TODO what she says.}}
    - {{who: You, says: TODO an answer that many would give., note: TODO why it does not help.}}
  outcome: TODO how this talk ends.
model_good:
  title: TODO what is different
  lines:
    - {{who: Anna, says: TODO what she says.}}
    - {{who: You, says: TODO the better answer., note: TODO what it does.}}
  outcome: TODO how this talk ends.
debrief_questions: [TODO what was the first thing that opened her?]
parallel_form:                  # the same skill on another surface, for the later re-try
  title: TODO another title
  stakeholder: {{name: TODO a name, role: TODO a role, unit: TODO a unit}}
  learner_brief: |
    TODO what the learner knows in the other story.
  partner_brief: |
    TODO what only you know in the other story.
  wants: [TODO what the other stakeholder is after]
  fears: [TODO what the other stakeholder wants to avoid]
  facts:
    - {{fact: TODO something the partner knows., unlock: TODO what the learner has to ask for it}}
  turning_points:
    - {{when: TODO something the learner does, then: TODO what changes}}
sources: []
"""
MIN_CRITERIA = 4


def scenario_files(library: Library, scenario_id: str) -> dict[str, str]:
    """A role-play in the library's first world, on the first criteria that can be seen in a talk."""
    live = [criterion.id for criterion in library.criteria if "live" in criterion.rated_on]
    if len(live) < MIN_CRITERIA:
        raise NothingToBuildOnError("A scenario shows four criteria or more that can be seen live; write those first.")
    if not library.worlds:
        raise NothingToBuildOnError("A scenario plays in a world; give library.yaml one first.")
    criteria = "\n".join(f"  - {name}" for name in live[:MIN_CRITERIA])
    text = _SCENARIO.format(id=scenario_id, world=library.worlds[0].id, criteria=criteria)
    return {f"scenarios/{scenario_id}.yaml": text}


_DIALOGUE = """\
id: {id}
version: 1
status: draft
title: TODO a title
scenario:                       # the id of a role-play that this prepares for, or nothing
intro: |
  TODO where you are, who sits there, and what you want.
learning_points:
  - TODO a first rule of at most twelve words.
  - TODO a second rule.
  - TODO a third rule.
start: n1
nodes:
{nodes}  r1:
    route:                      # tested in order; the last has no condition
      - {{if: "opened in flags and kept in flags and T >= 2", to: e_good}}
      - {{if: "kept in flags", to: e_mixed}}
      - {{to: e_poor}}
endings:
  e_good: {{title: TODO the good ending, text: TODO what comes of it., tone: good}}
  e_mixed: {{title: TODO the mixed ending, text: TODO what comes of it., tone: mixed}}
  e_poor: {{title: TODO the poor ending, text: TODO what comes of it., tone: poor}}
"""
_NODE = """\
  {name}:
    stage: TODO what can be seen.
    says: TODO what the stakeholder says.
    choices:
      - do: TODO the best thing to say here
        d: [1, 1, 1]            # trust, credibility, information
        flags: [{flag}]
        thinks: TODO what the stakeholder thinks now.
        point: TODO what this did, for the look back.
        to: {to}
      - do: TODO thank you, something polite that does not help
        d: [0, 0, 0]
        misconception: {first}
        thinks: TODO what the stakeholder thinks now.
        point: TODO what this did, for the look back.
        to: {to}
      - do: TODO something that is wrong in another way
        d: [-1, 0, 0]
        misconception: {second}
        thinks: TODO what the stakeholder thinks now.
        point: TODO what this did, for the look back.
        to: {to}
"""


def dialogue_files(library: Library, dialogue_id: str) -> dict[str, str]:
    """A short talk of two turns and a fork."""
    first, second = _beliefs(library)
    nodes = _NODE.format(name="n1", flag="opened", to="n2", first=first, second=second)
    nodes += _NODE.format(name="n2", flag="kept", to="r1", first=first, second=second)
    return {f"dialogues/{dialogue_id}.yaml": _DIALOGUE.format(id=dialogue_id, nodes=nodes)}


def _beliefs(library: Library) -> tuple[str, str]:
    codes = [belief.code for belief in library.misconceptions]
    if not codes:
        raise NothingToBuildOnError("Wrong answers name a misconception; write misconceptions.yaml first.")
    return codes[0], codes[1] if len(codes) > 1 else codes[0]
