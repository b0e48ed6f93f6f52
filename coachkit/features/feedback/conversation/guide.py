"""The words of the conversation: what is asked, where evidence comes from, how it may end."""

from __future__ import annotations

from dataclasses import dataclass

OUTCOMES = {
    "continue": ("Continue", "You both want to go on with this work."),
    "find-out-more": ("Find out more", "Something has to be tried or seen first. Say what, and until when."),
    "step-aside-by-choice": (
        "Step aside, by choice",
        "You would rather do other work. Say which role you talked about.",
    ),
}
FIND_OUT, STEP_ASIDE = "find-out-more", "step-aside-by-choice"
ABOUT = {"interest": "Interest in business problems", "care": "Care about people"}
SOURCES = {
    "preview": "A look at the work: the first module, half a day beside somebody who does it",
    "work-sample": "A problem from your own work, on one page",
    "past": "Something that happened, told in the talk",
    "choices": "What was chosen and asked in the programme",
    "log": "The field log",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the guide, the same for everybody."""

    about: str
    text: str
    probes: tuple[str, str, str]


QUESTIONS = (
    Question(
        "interest",
        "Tell me of a time when you followed a problem further than its technical cause.",
        (
            "What made you go on?",
            "What did you learn about the work of the people who had it?",
            "What would have happened if you had stopped?",
        ),
    ),
    Question(
        "interest",
        "Which problem of the business near you have you noticed though nobody had asked?",
        ("Whom does it cost what?", "With whom have you talked about it?", "What would you try first?"),
    ),
    Question(
        "care",
        "Tell me of a time when you changed what you were doing because of what it did to somebody.",
        ("How did you notice?", "What did you change?", "What came of it for that person?"),
    ),
    Question(
        "care",
        "Tell me of a promise that was hard to keep.",
        ("Who was waiting for it?", "What did you tell them meanwhile?", "What would you do again?"),
    ),
)
