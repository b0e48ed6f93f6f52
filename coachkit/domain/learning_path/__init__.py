"""What comes next for a learner, and why: from facts about what he has done, never from a judgement of him."""
