"""The twelve questions of the readiness check, what each answer looks like, and where to begin."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question about the organisation."""

    id: str
    area: str
    title: str
    anchors: tuple[str, str, str, str]
    """What 0, 1, 2 and 3 look like."""
    step: str
    """The first step in a few words."""
    step_text: str
    critical: bool = False
    stop: bool = False
    """A 0 here stops everything about persons."""


QUESTIONS = (
    Question(
        "RC-1",
        "Mandate",
        "Is the mandate written down?",
        (
            "There is no text.",
            "A slide or a job title names the role and says nothing about what it may decide.",
            ("One page says what the role is for, whom it serves, what it may decide and what it must pass on."),
            "The page is signed by the CIO and the heads of unit, and they read it again every year.",
        ),
        "Write one page, and sign it",
        "What the role is for, which segment it serves, what the liaison may decide and what goes to whom."
        " You and the heads of unit sign it.",
        critical=True,
    ),
    Question(
        "RC-2",
        "Reason",
        "Why was the post created?",
        (
            "So that complaints land somewhere else.",
            "To “improve communication”, and nobody could say whether it did.",
            "To close a gap that has a name and a figure to start from.",
            "The figure has been taken again since, and is known to both sides.",
        ),
        "Name the gap and its figure",
        ("Write down what should be different in a year, and take the figure that shows it before anything begins."),
    ),
    Question(
        "RC-3",
        "Other changes",
        "What else is being changed, besides the role?",
        (
            "Nothing.",
            "Something has been announced.",
            "One measure is running and has an owner.",
            "Two or more measures are running and have shown results.",
        ),
        "Start one change beside the role",
        ("Choose the one thing in IT that makes a liaison’s promise hard to keep, and give it an owner and a date."),
    ),
    Question(
        "RC-4",
        "Relationship",
        "How do the two sides get on today?",
        (
            "There is an open rift: heads of unit go round IT, or the matter is with lawyers.",
            "Things are escalated often, and mails are about who is to blame.",
            "Complaints are worked on together.",
            "Both sides plan together.",
        ),
        "Sit down about the rift first",
        "The heads of both sides meet with somebody in between, agree what happened, and settle the oldest"
        " quarrel before anybody is sent to bridge it.",
        critical=True,
        stop=True,
    ),
    Question(
        "RC-5",
        "Basic service",
        "Does the ordinary service work?",
        (
            "There is no desk that works, or it misses its targets in more than half of the months.",
            "There is a desk, and many of its cases still reach the liaison.",
            "The desk keeps its targets in most months.",
            "The causes behind the commonest cases are being removed as well.",
        ),
        "Mend the desk first",
        "Give the desk a target that users would notice, and publish each month whether it was kept. No"
        " conversation makes up for a printer that stays broken.",
        critical=True,
        stop=True,
    ),
    Question(
        "RC-6",
        "Early involvement",
        "When does IT hear about plans?",
        (
            "After the contract is signed.",
            "Sometimes before.",
            "It has a standing seat in two rounds of planning.",
            "It sits in all planning of the segment.",
        ),
        "Ask for one seat",
        ("Ask one head of unit for a standing seat in the next planning round, with something useful to bring along."),
    ),
    Question(
        "RC-7",
        "Priorities",
        "Who decides what comes first, and how?",
        (
            "Whoever is loudest.",
            "A project office decides, and nobody can see by what.",
            "The criteria are written down, and so is who decides.",
            "Those who lose hear it with the reasons, before the meeting.",
        ),
        "Publish how requests are compared",
        "Put the criteria and the name of the person who decides on one page, and tell those whose request"
        " waits why it waits.",
        critical=True,
    ),
    Question(
        "RC-8",
        "Load",
        "How much does one person carry?",
        (
            "More than eight units, or units that have nothing to do with each other.",
            "Seven or eight units.",
            "Six at most, and they belong together.",
            "Six at most, and a fifth of the week is kept free for being there.",
        ),
        "Take units off the longest list",
        "Look at who has the most units, and move those that belong elsewhere. Then keep a fifth of the week"
        " free for being with people.",
    ),
    Question(
        "RC-9",
        "Authority",
        "What may the liaison do on his own word?",
        (
            "Pass things on.",
            "Get an answer, by way of the boss.",
            "Commit small efforts, and go to team leads directly.",
            "Go over heads where it is needed, and nobody has paid for it.",
        ),
        "Give a small budget of days",
        "Allow each liaison to promise a few days a month without asking, and tell the team leads that he"
        " may come to them directly.",
        critical=True,
    ),
    Question(
        "RC-10",
        "Time to learn",
        "Does the boss make room for learning?",
        (
            "There is no time for it.",
            "In one’s own time.",
            "Two hours a week are kept free, and the boss has read the module about the role.",
            "The boss takes part in reviews, and the goals stand in the yearly talk.",
        ),
        "Keep two hours a week free",
        "Two hours in the calendar that nobody may book, and the boss reads the module about the role.",
    ),
    Question(
        "RC-11",
        "Truth",
        "May bad news travel both ways?",
        (
            "Whoever brings it pays for it.",
            "In private it is tolerated.",
            "Notes about faults are talked about in the team.",
            "The heads of IT ask for them, and something happens.",
        ),
        "Ask for one uncomfortable note",
        (
            "Ask each liaison for one thing that the business says about IT, thank for it in front of"
            " others, and act on one."
        ),
    ),
    Question(
        "RC-12",
        "Other paths",
        "Is there other good work for those who do not want the role?",
        (
            "Whoever does not want it has to go.",
            "There may be something.",
            "Other paths have names.",
            "People have taken them and lost nothing by it.",
        ),
        "Name two other paths",
        ("Write down two kinds of work that need the same people and pay the same, and who to talk to about them."),
    ),
)
BY_ID = {question.id: question for question in QUESTIONS}
