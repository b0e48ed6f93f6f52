"""A gentle look at a feedback note: words about the person instead of the act. It advises and never blocks.

More than a third of feedback made work worse, and the risk grows as attention moves from the task to the self
(Kluger and DeNisi 1996).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"\byou(?:’re|'re| are| were) (?:an? )?(?:too |so |very |not )?(\w+)", re.IGNORECASE),
        "“{found}” speaks about the person. What did you see or hear?",
    ),
    (
        re.compile(r"\b(always|never|constantly|every time)\b", re.IGNORECASE),
        "“{found}” is hard to answer. Which moment do you mean?",
    ),
    (
        re.compile(
            r"\b(arrogant|shy|lazy|impatient|talented|gifted|natural|insecure|nervous|defensive|passive|aggressive|cold|"
            r"friendly|smart|clever|naive|brilliant|weak|unprofessional|professional|confident|attitude|personality)\b",
            re.IGNORECASE,
        ),
        "“{found}” names a trait. Which words or act made you think so?",
    ),
    (
        re.compile(r"\b(great|excellent|perfect|awesome|terrible|awful|poor|good job|well done)\b", re.IGNORECASE),
        "“{found}” praises or blames without saying for what. What was the effect?",
    ),
)
_DOING = re.compile(r"\w+ing$", re.IGNORECASE)


def advice(texts: Iterable[str]) -> tuple[str, ...]:
    """Sentences of advice, each at most once, in the order of the text. Empty for a note about acts."""
    found: dict[str, None] = {}
    for text in texts:
        for pattern, sentence in _PATTERNS:
            for match in pattern.finditer(text):
                # «You were asking …» describes an act.
                if match.lastindex and _DOING.match(match.group(1)) and pattern is _PATTERNS[0][0]:
                    continue
                found[sentence.format(found=match.group(0))] = None
    return tuple(found)
