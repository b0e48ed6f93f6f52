"""What everybody who can be heard or seen agrees to before a recording, in numbered versions that never change."""

from __future__ import annotations

from collections.abc import Collection

TEXTS: dict[int, tuple[str, ...]] = {
    1: (
        "This talk is practice. It is recorded so that the learner, and a coach who rates it, can hear what was said.",
        "The learner can open the recording; the learner's own coaches, too, once the attempt is sent to them.",
        "Where two views are needed, so can a second coach. Nobody else can: no manager, no administrator, no CIO.",
        "No machine judges voices, faces or moods.",
        "It is deleted fourteen days after the last rating and objection are settled, or earlier if any of you asks.",
        "You may say no. Then the talk is written down instead, and nothing else changes.",
    ),
    2: (
        "This talk is practice. It is recorded so that the learner, and a coach who rates it, can hear what was said.",
        "The learner can open the recording; the learner's own coaches, too, once the attempt is sent to them.",
        "Where two views are needed, so can a second coach.",
        "If the learner sees a rating, note or report differently, so can one coach who looks again, until it ends.",
        "Where the house has no such coach, a lead coach asks one person from outside, who can open it as long.",
        "Nobody else can: no manager, no administrator, no CIO.",
        "No machine judges voices, faces or moods.",
        "It is deleted fourteen days after the last rating and objection are settled, or earlier if any of you asks.",
        "You may say no. Then the talk is written down instead, and nothing else changes.",
    ),
}
SECOND_LOOK_FROM = 2
"""The first text that tells of whoever looks again."""
CURRENT = max(TEXTS)


def lets_second_looks_hear(versions: Collection[int]) -> bool:
    """Whether everybody who agreed, each to the text of that number, was told that whoever looks again may hear it."""
    return bool(versions) and min(versions) >= SECOND_LOOK_FROM
