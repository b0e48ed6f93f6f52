"""What everybody who can be heard or seen agrees to before a recording, in numbered versions that never change."""

from __future__ import annotations

TEXTS: dict[int, tuple[str, ...]] = {
    1: (
        "This talk is practice. It is recorded so that the learner, and a coach who rates it, can hear what was said.",
        "The learner can open the recording; the learner's own coaches, too, once the attempt is sent to them.",
        "Where two views are needed, so can a second coach. Nobody else can: no manager, no administrator, no CIO.",
        "No machine judges voices, faces or moods.",
        "It is deleted fourteen days after the last rating and objection are settled, or earlier if any of you asks.",
        "You may say no. Then the talk is written down instead, and nothing else changes.",
    ),
}
CURRENT = max(TEXTS)
