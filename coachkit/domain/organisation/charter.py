"""The role charter: one page on which every line could be broken, so that both sides would notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Model:
    """A way to set the role up."""

    id: str
    name: str
    text: str


MODELS = (
    Model(
        "walk-first",
        "Walk before running",
        "Answer reliably and put right what is broken first; needs and recommendations come when people trust it.",
    ),
    Model(
        "strategic",
        "One customer, in depth",
        "Each liaison serves a few related units, knows their business and stands up for them inside IT.",
    ),
    Model(
        "field",
        "Ambassador in the field",
        "The liaison is where the people are, speaks for IT there, and brings back what headquarters cannot see.",
    ),
    Model(
        "domain-partner",
        "Partner from the trade",
        "Somebody who grew up in the business is given the IT that the post needs, or works as a pair with somebody"
        " who has it.",
    ),
)
MODEL_NAMES = {model.id: model.name for model in MODELS}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page."""

    id: str
    title: str
    hint: str
    needed: str = ""
    """The sentence when it is missing; empty where it may be."""


PARTS = (
    Part(
        "purpose",
        "What the role is for",
        "In two sentences, with the gap that it closes and the figure that shows it.",
        "Say what the role is for.",
    ),
    Part(
        "promises",
        "What the units get",
        "Two or three promises, each with a time that can be kept in a bad week.",
        "Write down at least one promise.",
    ),
    Part(
        "may_decide",
        "The liaison may decide",
        "Days of small effort in a month, the order of own work, what goes on the idea list.",
        "A liaison who may decide nothing is a letter box: name one thing at least.",
    ),
    Part(
        "must_refer",
        "The liaison must pass on",
        "Matter, who decides, how long it usually takes: order of projects, money, changes to running systems.",
        "Say what goes to whom.",
    ),
    Part("does_not", "The liaison does not do", "Repairs, for one. Name the one emergency that is the exception."),
    Part(
        "tells",
        "What goes back and forth",
        "What the liaison tells IT about the units, what only with their agreement, and what has to be told always.",
    ),
    Part("besides", "What else is being changed", "The role alone mends nothing: each measure with owner and date."),
    Part(
        "first_days", "The first ninety days", "What will be there after four, eight and twelve weeks, and who notices."
    ),
    Part("path", "Where the post can lead", "What comes after it, inside IT or outside, and who has gone that way."),
)


def missing(content: Mapping[str, str]) -> dict[str, str]:
    """What keeps a version from being recorded: part → sentence."""
    found = {part.id: part.needed for part in PARTS if part.needed and not content.get(part.id, "").strip()}
    if content.get("model") not in MODEL_NAMES:
        found["model"] = "Choose the way of setting it up that comes nearest."
    return found
