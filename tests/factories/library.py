"""The smallest library that can be published: a module, a scenario, a dialogue, a sample, two skills."""

from pathlib import Path

LIBRARY = """\
id: tiny
title: The tiny programme
language: en-GB
version: 1
worlds:
  - id: a
    name: Harbour Office
    summary: An office that looks after ships and their papers.
credits:
  - No trade marks are used here.
"""

SOURCES = """\
- code: KD96
  short: Kluger and DeNisi 1996
  title: "Kluger, A. N. and DeNisi, A. (1996). The effects of feedback interventions on performance."
  mark: V
- code: S003
  short: A consultant's article
  title: "An article on teaching relationship management."
  mark: V
- code: SPIN88
  short: Rackham 1988
  title: "Rackham, N. (1988). SPIN selling."
  mark: 2
"""

GLOSSARY = """\
- id: need
  term: need
  meaning: The outcome somebody is after, with the reason behind it and a measure.
  example: "“Papers are ready when the ship is” is a need. “A portal” is one means."
  see: [want]
- id: want
  term: want
  meaning: What somebody asks for by name.
"""

MISCONCEPTIONS = """\
- code: solution-first
  belief: The solution somebody names is the need.
- code: rule-shield
  belief: Citing a rule settles a request.
"""

INTERVIEWING = """\
id: interviewing
name: Interviewing
kind: hard
summary: Finding out what somebody needs, and being sure you have it.
criteria:
  - id: interviewing.needs
    name: Want and need
    rated_on: [live]
    version: 1
    status: draft
    sources: [S003]
    anchors:
      1: Takes the named solution and starts to specify it.
      2: Asks for the purpose once and drops it.
      3: Has the outcome before any solution is discussed.
      4: As 3, and states want and need separately; the other side confirms them with a measure.
      5: As 4, and lays out two ways to meet the need; the other side chooses one.
  - id: interviewing.questions
    name: Questions
    rated_on: [live]
    version: 1
    status: draft
    sources: []
    anchors:
      1: Asks only questions that can be answered with yes or no.
      2: Asks open questions that start from a list.
      3: Asks open questions that use a word of the last answer.
      4: As 3, and asks what follows from the problem; the other side names a consequence.
      5: As 4, and asks what solving it would be worth; the other side gives a figure.
  - id: interviewing.confirm
    name: Confirming
    rated_on: [live, work-product]
    version: 1
    status: draft
    sources: []
    anchors:
      1: Ends without a summary.
      2: Sums up in own words and does not wait for an answer.
      3: Sums up and waits until the other side has corrected or agreed.
      4: As 3, and names what is still open; the other side adds to it.
      5: As 4, and sends a page the same day; the other side answers it in writing.
mapping:
  - {scheme: SFIA, code: REQM, url: "https://sfia-online.org/"}
"""

TRUST = """\
id: trust
name: Trust
kind: soft
summary: Being somebody whose word can be planned with.
criteria:
  - id: trust.reliability
    name: Reliability
    rated_on: [live, field-log]
    version: 1
    status: draft
    sources: []
    anchors:
      1: Promises without a date.
      2: Promises with a date and misses it without a word.
      3: Keeps the date, or says before it that it will not hold.
      4: As 3, and names what could endanger the date; the other side plans for it.
      5: As 4, and keeps a list of promises that the other side has seen.
"""

MODULE = """\
---
id: m01
title: The first talk
summary: How to find the need behind a request, in one conversation.
level: core
tracks: [it, business]
minutes: 40
practice_minutes: 30
prerequisites: []
outcomes:
  - Ask for the outcome before the solution.
criteria: [interviewing.needs, interviewing.questions, interviewing.confirm, trust.reliability]
sources: [KD96, S003, SPIN88]
version: 1
status: draft
files:
  - {name: one-page.md, title: One page}
---

## The ship that waited {#why-it-matters}

At ten past eight Amara Diallo, who runs the quay, has a ship and no papers. She asks you for a portal.
What she is after is the [[need]] behind it: papers that are ready when the ship is.

### What she did not say

Her two [[need|needs]] took one question to find.

## What is known {#key-facts}

Feedback that turns to the person instead of the task often makes work worse [@KD96].
It is widely taught that questions about consequences open a talk [@SPIN88].

| asked | told |
|-------|-----:|
| once  |    1 |
| twice |    2 |

## Two versions {#worked-example}

::: script poor "First version: the order is taken"
Amara: We want a portal by spring.
You: Which browsers do your people use?
> Specifies before anything is understood.
Amara: The usual ones.
= Nobody has said what goes wrong today.
:::

::: script good "Second version: the need is found"
Amara: We want a portal by spring.
You: What should be different on the quay once you have it?
> Outcome first. The portal is left standing.
Amara: Papers would be there when the ship is.
= The talk ends with her own words for it.
:::

::: document good "The one-page confirmation"
**What you want:** a portal.

**What you need:** papers in time, measured in ships that wait.
:::

## Three rules {#learning-points}

::: points
Ask what should change before what to build.
Put their last word into your next question.
Say want and need apart. Then wait.
:::

## Where it goes wrong {#common-mistakes}

- You answer a question that nobody asked.
- You promise before you know.

## Your turn {#practice}

::: task solo 10 "Three requests"
Write one question for each of three requests.
:::

::: task partner 10 "The quay"
Play the talk with a partner and change places.
:::

::: task work 10 "One real talk"
Ask your question in one real talk this week.
:::

## Further reading {#further-reading}

A consultant's article on what can be taught [@S003]. Keep [the page](files/one-page.md) at hand.
"""

_ITEM = """\
- id: m01-q{number}
  version: 1
  stem: "Request {number}: somebody asks for a portal. What do you say first?"
  options:
"""
_OPTIONS = (
    """\
    - text: "“What should be different, and for whom, once it is there?”"
      key: true
      feedback: "You hear the outcome before anybody defends a product."
""",
    """\
    - text: "“Which vendor have you been talking to so far, and why?”"
      misconception: solution-first
      feedback: "Courteous, and the portal is now the plan."
""",
    """\
    - text: "“I have to tell you that portals are not on our roadmap.”"
      misconception: rule-shield
      feedback: "True, and the talk is over."
""",
)


def _quiz() -> str:
    """Eight items; the key stands first, second and third in turn."""
    items = []
    for number in range(1, 9):
        turn = number % 3
        items.append(_ITEM.format(number=number) + "".join(_OPTIONS[turn:] + _OPTIONS[:turn]))
    return "".join(items)


CARDS = """\
- id: m01-c1
  question: "“We need X.” Your first question?"
  answer: "What should be different, and for whom, once it is there?"
- id: m01-c2
  question: What belongs on the one page?
  answer: Want, need, measure, and what is still open.
"""

SCENARIO = """\
id: rp01
version: 1
status: draft
title: Wants and needs
world: a
summary: Somebody asks for a portal by spring. Find out what she needs.
difficulty: 2
minutes: {prepare: 5, play: 15, debrief: 15}
criteria: [interviewing.needs, interviewing.questions, interviewing.confirm, trust.reliability]
stakeholder: {name: Amara Diallo, role: Head of the quay, unit: Ships and papers}
learner_brief: |
  You are new. Amara Diallo has asked for *a portal*.

  - You have twenty minutes.
  - You know nothing about the quay. Find the [[need]].
partner_brief: |
  You are Amara. Eleven ships waited last year.
wants: [Papers in time]
fears: [Another year of analysis]
facts:
  - {fact: Eleven ships waited last year., unlock: asked what late papers lead to}
turning_points:
  - {when: The first question is about outcomes, then: She puts the brochure down and talks}
learning_points:
  - Ask what should change before what to build.
  - Put their last word into your next question.
  - Say want and need apart.
critical_moment: The two minutes after she has named the portal.
model_poor:
  title: The order is taken
  lines:
    - {who: Amara, says: We want a portal by spring.}
    - {who: You, says: "Which browsers do your people use?", note: Specifies before anything is understood.}
  outcome: Nobody has said what goes wrong today.
model_good:
  title: The need is found
  lines:
    - {who: Amara, says: We want a portal by spring.}
    - {who: You, says: "What should be different once you have it?", note: Outcome first.}
  outcome: She has said it in her own words.
debrief_questions:
  - Which question opened her?
parallel_form:
  title: The museum's chatbot
  stakeholder: {name: Jonas Weber, role: Head of visitor services, unit: City museum}
  learner_brief: |
    Jonas Weber has asked for a chatbot.
  partner_brief: |
    You are Jonas. Visitors ask where the lift is.
  wants: [Fewer calls]
  fears: [A toy that nobody uses]
  facts:
    - {fact: Nine calls in ten ask for the lift., unlock: asked what the calls are about}
  turning_points:
    - {when: He is asked about the calls, then: He counts them with you}
sources: [S003]
"""

DIALOGUE = """\
id: bd1
version: 1
status: draft
title: Wants and needs
scenario: rp01
intro: |
  You stand on the quay. Amara has ten minutes.
learning_points:
  - Ask what should change before what to build.
  - Put their last word into your next question.
  - Say want and need apart.
start: n1
nodes:
  n1:
    stage: She unrolls a brochure.
    says: "“We want a portal by spring.”"
    choices:
      - do: "“Which browsers do your people use, and which functions matter most?”"
        d: [0, 0, 0]
        flags: [spec]
        misconception: solution-first
        thinks: At last somebody who gets on with it.
        point: You are specifying, and do not know yet what for.
        to: n2
      - do: "“What should be different on the quay?”"
        d: [1, 1, 1]
        flags: [outcome]
        thinks: Nobody asked me that before.
        point: Outcome first.
        to: n2
      - do: "“Thank you. I am afraid that portals need a form.”"
        d: [-1, 0, 0]
        misconception: rule-shield
        thinks: One more form.
        point: A rule does not answer a request.
        to: n2
  n2:
    says: "“Papers come late.”"
    choices:
      - do: "“Late by how much, and what waits?”"
        d: [1, 0, 1]
        flags: [late]
        thinks: A question I can answer.
        point: Their last word carries the next question.
        to: r1
      - do: "“Would a faster network help you with the papers?”"
        d: [0, 0, 0]
        misconception: solution-first
        thinks: Perhaps.
        point: A remedy for a cause nobody has seen.
        to: r1
      - do: "“I will come back to you once the steering group has met.”"
        d: [-1, -1, 0]
        misconception: rule-shield
        thinks: So, never.
        point: No date, no promise.
        to: n1
  r1:
    route:
      - {if: "outcome in flags and late in flags and T >= 2", to: e_need}
      - {if: "spec in flags and late not in flags", to: e_order}
      - {to: e_polite}
endings:
  e_need: {title: A first date, text: She shows you the papers on Tuesday., tone: good}
  e_polite: {title: A friendly end, text: She thanks you and keeps her brochure., tone: mixed}
  e_order: {title: The order is taken, text: Nine functions and no reason., tone: poor}
"""

CALIBRATION = """\
id: cal-interviewing-1
version: 1
status: draft
skill: interviewing
scenario: rp01
title: Twenty minutes on the quay
transcript:
  - {who: Amara, says: We want a portal by spring.}
  - {who: You, says: "So what is it for?"}
  - {who: Amara, says: For the papers.}
reference:
  - criterion: interviewing.needs
    level: 2
    evidence: "Turn 2: “So what is it for?”, and the answer is not used."
    reason: The purpose is asked for once and dropped.
  - criterion: interviewing.confirm
    level: not-observed
    evidence: The talk stops before a summary could have come.
    reason: Nothing can be said about it.
"""


def tiny_library_files() -> dict[str, bytes]:
    """A fresh copy of the tiny library, as relative path → bytes."""
    texts = {
        "library.yaml": LIBRARY,
        "sources.yaml": SOURCES,
        "glossary.yaml": GLOSSARY,
        "misconceptions.yaml": MISCONCEPTIONS,
        "criteria/interviewing.yaml": INTERVIEWING,
        "criteria/trust.yaml": TRUST,
        "modules/first-talk/module.md": MODULE,
        "modules/first-talk/quiz.yaml": _quiz(),
        "modules/first-talk/cards.yaml": CARDS,
        "modules/first-talk/files/one-page.md": "# One page\n\nWant: ______\n",
        "scenarios/rp01.yaml": SCENARIO,
        "dialogues/bd1.yaml": DIALOGUE,
        "calibration/cal-interviewing-1.yaml": CALIBRATION,
    }
    return {path: text.encode() for path, text in texts.items()}


def changed_library(path: str, old: str, new: str) -> dict[str, bytes]:
    """The tiny library with one passage of one file replaced; the passage must stand in it once."""
    files = tiny_library_files()
    text = files[path].decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    return {**files, path: text.replace(old, new).encode()}


def written(files: dict[str, bytes], folder: Path) -> Path:
    """Put files into a folder, as an editor saves them: each one whole."""
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f"{place.name}.new")
        beside.write_bytes(data)
        beside.replace(place)
    return folder
