"""The interest-and-care conversation: voluntary, between a learner and a coach of his choice, and never a score."""
