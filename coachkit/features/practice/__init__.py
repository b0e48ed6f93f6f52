"""Role-plays: preparing, evidence, and the learner's blind self-rating."""
