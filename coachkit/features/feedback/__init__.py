"""Coaches: the queue, the blind rating, the note, the reveal, and what the learner makes of it."""
