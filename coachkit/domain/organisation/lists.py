"""Two work lists of a CIO: what to find out on taking over a team, and which gap the role is to close."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to find out, with room for what was found."""

    id: str
    group: str
    title: str
    text: str


INHERITED = (
    Item(
        "origin", "Origin", "Why were the posts created?", "Ask whoever created them, and look for the figure of then."
    ),
    Item("origin-people", "Origin", "Where did each person come from?", "From IT or from the business, and by choice?"),
    Item(
        "mandate", "Mandate", "Is there one page for each post?", "Without it people are measured on what they guessed."
    ),
    Item(
        "mandate-broken",
        "Mandate",
        "Which promises were broken above them?",
        "Promises that IT broke look like theirs.",
    ),
    Item("coverage", "Coverage", "Who serves which units?", "Write down units and load before you look at anybody."),
    Item(
        "coverage-gaps", "Coverage", "Which units have nobody, or two?", "And who has more than six, or unrelated ones?"
    ),
    Item(
        "conditions", "Conditions", "What does the readiness check say?", "Let it be answered afresh, by you as well."
    ),
    Item("voices", "Conditions", "What do the units say?", "Ask all of them the same eight questions, without names."),
    Item(
        "evidence",
        "Evidence of skill",
        "What has been seen of each person’s work?",
        "By whom, when, and at which task?",
    ),
    Item(
        "offered",
        "Evidence of skill",
        "What training and coaching was offered?",
        "Before, and with how much free time?",
    ),
    Item("wish", "Evidence of skill", "What does each person want?", "Ask; interest cannot be guessed from outside."),
    Item(
        "talk",
        "Only then",
        "The first talk about develop or replace",
        "Not before twelve weeks in the programme, within a stated purpose, with what people release.",
    ),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap between IT and the business, and where one can learn to narrow it."""

    id: str
    name: str
    text: str
    modules: tuple[str, ...]
    """Ids of modules."""


GAPS = (
    Gap(
        "communication",
        "Communication",
        "People do not know whom to ask, and answers arrive in the wrong language.",
        ("m09", "m05"),
    ),
    Gap("credibility", "Credibility", "What IT says about dates and costs is no longer believed.", ("m08",)),
    Gap("trust", "Trust", "People have stopped telling IT what they plan, or go round it.", ("m04", "m12")),
    Gap("image", "Image", "IT is thought to be slower and stranger than it is.", ("m13",)),
    Gap(
        "presence",
        "Presence",
        "Since things were centralised, people feel that nobody is there for them.",
        ("m14", "m04"),
    ),
    Gap(
        "knowledge",
        "Knowledge of the trade",
        "IT does not know what the units are measured on.",
        ("m03", "m03-b", "m06"),
    ),
)
