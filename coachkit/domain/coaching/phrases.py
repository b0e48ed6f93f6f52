"""Phrases to begin a comment with: an observation with a gap for the words that were said, and an open question."""

from __future__ import annotations

GAP = "“…”"
"""What is to be filled in before a phrase is a comment."""

PHRASES = (
    f"You asked {GAP}, and then there was silence for some seconds. What were you waiting for?",
    f"The answer was {GAP}. The next sentence was about something else. What did you hear in that answer?",
    f"You summed it up as {GAP}. Which of the points before it did you leave out, and why?",
    f"You said {GAP} before the other side had said what hangs on it. What would you want to know first?",
    f"After {GAP} the other side leaned back and spoke less. What do you think had happened?",
    f"You offered {GAP} and named what it costs. How did you decide to say the price at this moment?",
)
